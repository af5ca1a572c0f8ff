import { randomUUID } from 'node:crypto'
import { addRoleAssignment } from '../sandbox/arm/index.ts'
import type { SandboxSnapshot } from '../sandbox/state.ts'
import type { Subject } from './case-file.ts'

/** An application that can sign in. */
export interface Identity {
  readonly objectId: string
  readonly appId: string
  readonly secret: string
}

/** Who asks: the owner, and by subject the others that its cases name. */
export interface Identities {
  readonly owner: Identity
  readonly of: ReadonlyMap<string, ReadonlyMap<string, Identity>>
}

/** What the owner may do in the directory: all that the cases ask of it. */
const ownersGraphRoles = [
  'AdministrativeUnit.ReadWrite.All',
  'Application.ReadWrite.All',
  'AppRoleAssignment.ReadWrite.All',
  'Directory.Read.All',
  'Group.ReadWrite.All',
  'RoleManagement.ReadWrite.Directory',
  'User.ReadWrite.All',
]
/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged#owner */
const ownerRole = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'

/** Registers in a seed, before it is started, an owner of all subscriptions and the identities that subjects name. */
export function registerIdentities(seed: SandboxSnapshot, subjects: readonly Subject[]): Identities {
  const owner = register(seed, 'Judge', ownersGraphRoles)
  const { arm } = seed
  if (arm === undefined) throw new Error('The seed has no subscriptions.')
  for (const subscription of Object.keys(arm.subscriptions))
    addRoleAssignment(arm, {
      name: randomUUID(),
      scope: `/subscriptions/${subscription}`,
      roleId: ownerRole,
      principalId: owner.objectId,
      principalType: 'ServicePrincipal',
    })
  const identitiesOf = ({ subject, identities }: Subject) =>
    new Map(
      Object.entries(identities).map(([name, { graphRoles }]) => [
        name,
        register(seed, `${subject}: ${name}`, graphRoles),
      ]),
    )
  return { owner, of: new Map(subjects.map((subject) => [subject.subject, identitiesOf(subject)])) }
}

/** An application with the Graph permissions it is granted, and no other right. */
function register({ directory }: SandboxSnapshot, name: string, graphRoles: readonly string[]): Identity {
  const identity = { objectId: randomUUID(), appId: randomUUID(), secret: randomUUID() }
  const { objectId, appId, secret } = identity
  directory.applications.push({ id: randomUUID(), appId, displayName: name, secrets: [secret] })
  const servicePrincipalType = 'Application'
  directory.servicePrincipals.push({
    id: objectId,
    appId,
    displayName: name,
    servicePrincipalType,
    graphRoles,
  })
  return identity
}
