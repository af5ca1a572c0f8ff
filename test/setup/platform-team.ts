import { type DirectoryRoleName, directoryRoles } from '../../sandbox/entra/directory-roles.ts'
import type { Sandbox } from '../../sandbox/start.ts'
import { byHand } from '../e2e/support/by-hand.ts'

const ops = '44444444-4444-4444-4444-444444444404'
const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'

/** Makes Ops, who cannot sign in elsewhere, an owner of all subscriptions, with these roles in the directory. */
export async function asPlatformTeam(sandbox: Sandbox, roles: readonly DirectoryRoleName[]): Promise<void> {
  const { directory } = sandbox.state
  const person = directory.users.find(({ id }) => id === ops)
  Object.assign(person ?? {}, { password: 'sandbox-only-not-a-secret' })
  giveRoles(sandbox, ops, roles)
  const hand = await byHand(sandbox)
  for (const last of [1, 2, 3]) {
    const scope = `/subscriptions/22222222-2222-2222-2222-22222222220${last}`
    // Always the same name: whoever is made an owner twice is one.
    await hand.put(
      `${scope}/providers/Microsoft.Authorization/roleAssignments/44444444-0000-4000-8000-00000000000${last}`,
      '2022-04-01',
      {
        properties: {
          roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${owner}`,
          principalId: ops,
          principalType: 'User',
        },
      },
    )
  }
}

/** Gives somebody roles in the directory, for the whole tenant. */
export function giveRoles(
  { state }: Sandbox,
  principalId: string,
  roles: readonly DirectoryRoleName[],
): void {
  for (const { id, displayName } of directoryRoles) {
    if (!roles.includes(displayName)) continue
    state.directory.roleAssignments?.push({
      id: crypto.randomUUID(),
      principalId,
      roleDefinitionId: id,
      directoryScopeId: '/',
    })
  }
}
