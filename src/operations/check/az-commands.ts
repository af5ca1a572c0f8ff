import { shellQuoted as quoted } from '../../diagnostics/shell.ts'

/** A custom role, as `az role definition create` takes it. https://learn.microsoft.com/azure/role-based-access-control/custom-roles-cli */
export interface CustomRole {
  /** Unique in the tenant. */
  readonly Name: string
  readonly IsCustom: true
  readonly Description: string
  readonly Actions: readonly string[]
  readonly DataActions: readonly string[]
  readonly AssignableScopes: readonly string[]
}

/** Creates a custom role. */
export const createRole = (role: CustomRole): string =>
  `az role definition create --role-definition ${quoted(JSON.stringify(role))}`

/** Assigns a role to an application or managed identity, by the role's name. */
export const assignRole = (
  objectId: string,
  role: string,
  scope: string,
  ...more: readonly string[]
): string =>
  [
    'az role assignment create',
    `--assignee-object-id ${objectId} --assignee-principal-type ServicePrincipal`,
    `--role ${quoted(role)} --scope ${quoted(scope)}`,
    ...more,
  ].join(' ')

/** Puts a role assignment under a condition. */
export const underCondition = (condition: string): string =>
  `--condition ${doubleQuoted(condition)} --condition-version 2.0`

/** A condition holds single quotes, and neither dollars nor backticks. In an interactive bash `set +H` comes first. */
const doubleQuoted = (text: string): string => `"${text}"`
