/** What a role allows, in Azure's words. `*` stands for any text. */
export interface RoleDefinition {
  /** GUID, the same in every tenant for a built-in role. */
  readonly id: string
  readonly name: string
  readonly actions: readonly string[]
  readonly notActions?: readonly string[]
  readonly dataActions?: readonly string[]
  readonly notDataActions?: readonly string[]
  /** What the role itself lets pass, besides what its assignments do: some may assign certain roles only. */
  readonly condition?: string
}

/** A built-in role that takes nothing away. */
export const role = (
  id: string,
  name: string,
  actions: readonly string[],
  dataActions: readonly string[] = [],
): RoleDefinition => ({ id, name, actions, dataActions })

/** Actions that roles of one service commonly hold besides those of the service. */
export const commonActions = [
  'Microsoft.Authorization/*/read',
  'Microsoft.Insights/alertRules/*',
  'Microsoft.Resources/deployments/*',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
]

/** A condition by which a role assigns these roles, and takes them away, and no others. */
export function assignsOnly(...ids: readonly string[]): string {
  const type = 'Microsoft.Authorization/roleAssignments'
  const part = (verb: string, source: string) =>
    `((!(ActionMatches{'${type}/${verb}'})) OR (@${source}[${type}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals{${ids.join(', ')}}))`
  return `${part('write', 'Request')} AND ${part('delete', 'Resource')}`
}

/** Every action under a namespace or type. */
export const all = (prefix: string) => `${prefix}/*`
/** Every reading action under a namespace or type. */
export const reading = (prefix: string) => `${prefix}/*/read`

/** The name that Azure has for a right: resource groups are part of their subscription there. */
export const rightName = (action: string): string =>
  action.replace(
    /^Microsoft\.Resources\/resourceGroups\//i,
    'Microsoft.Resources/subscriptions/resourceGroups/',
  )
