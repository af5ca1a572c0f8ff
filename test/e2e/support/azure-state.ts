import type { Sandbox } from '../../../sandbox/start.ts'

const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi
/** A host's address, as private endpoints get them in the order in which they come to be. */
const host = /"\d+(?:\.\d+){3}"/g
const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g
const versions = ['etag', 'resourceGuid', 'systemData', 'correlationId', 'deploymentId', 'duration']

/**
 * Everything that is in Azure, one line each: resources, role assignments, stacks, groups with their members, the lake
 * with its access control lists. Equal for two tenants that differ only in what chance and time decide: object ids are
 * shown by the name they belong to.
 */
export function azureState(sandbox: Sandbox): readonly string[] {
  const { arm, deployments, directory, lake } = sandbox.state
  const names = new Map(Object.keys(arm.subscriptions).map((id) => [id, id]))
  for (const { id, displayName } of [...directory.users, ...directory.groups]) names.set(id, displayName)
  for (const { id, appId, displayName } of directory.servicePrincipals) {
    names.set(id, displayName).set(appId, displayName)
  }
  const portable = (value: unknown): string =>
    JSON.stringify(value, (key, part: unknown) => (versions.includes(key) ? undefined : sorted(part)))
      .replaceAll(sandbox.url, '{sandbox}')
      .replaceAll(guid, (id) => names.get(id.toLowerCase()) ?? '<id>')
      .replaceAll(time, '<time>')
      .replaceAll(host, '"<address>"')

  const resources = Object.values(arm.resources).map((resource) => `resource ${portable(resource)}`)
  const stacks = Object.values(deployments.stacks).map(
    ({ name, provisioningState, tags, resources: managed, template }) =>
      `stack ${portable({ name, provisioningState, tags, managed: managed.map(({ id, status }) => `${status} ${id}`).toSorted(), template })}`,
  )
  const groups = directory.groups.map(
    ({ displayName, mailNickname, owners, members }) =>
      `group ${portable({ displayName, mailNickname, owners, members: members.map((id) => names.get(id) ?? id).toSorted() })}`,
  )
  const paths = lake
    .toJSON()
    .accounts.flatMap(({ name, containers }) =>
      containers.flatMap((container) =>
        container.paths.map(
          ({ path, owner, group, acl }) =>
            `lake ${name}/${container.name}/${path} ${portable({ owner, group, acl: acl.split(',').map(portable).toSorted() })}`,
        ),
      ),
    )
  return [...resources, ...stacks, ...groups, ...paths].toSorted()
}

/** Objects with their keys in order. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The ids of all resources within a subscription or resource group, in lower case. */
export const resourceIds = ({ state }: Sandbox, scope = '/'): readonly string[] =>
  Object.keys(state.arm.resources)
    .filter((id) => id.startsWith(scope.toLowerCase()))
    .toSorted()

/** What is in one state and not in the other. */
export const difference = (before: readonly string[], after: readonly string[]) => ({
  gone: before.filter((line) => !after.includes(line)),
  added: after.filter((line) => !before.includes(line)),
})

/** The difference of equal states. */
export const nothing = { gone: [], added: [] }
