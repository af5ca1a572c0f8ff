/** Seeds: what a sandbox holds at its first start. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import {
  type ArmState,
  addManagementGroup,
  addRoleAssignment,
  addSubscription,
  createArm,
  emptyArmState,
} from '../arm/index.ts'
import type { Authorization, Caller, ResourceEngine } from '../contracts.ts'
import { openDirectory } from '../entra/directory.ts'
import { directoryRoles } from '../entra/directory-roles.ts'
import type { Application, DirectoryState, ServicePrincipal } from '../entra/model.ts'
import type { RoleAssignment } from '../entra/role-model.ts'
import { type GithubState, githubIssuer } from '../github/index.ts'
import { addDirectories, createLake, emptyLake, type LakeState } from '../lake/index.ts'
import { randomIdentifiers, systemClock } from '../server/runtime.ts'
import type { SandboxSnapshot } from '../state.ts'
import { loadSeed, type SeedDocument, type SeedResource } from './document.ts'
import { fill, fillText, type Values, valuesOf } from './placeholders.ts'

export { loadSeed, type SeedDocument } from './document.ts'

/** The seed of a sandbox that is started without naming one: the common area of a factory in three environments. */
export const threeEnvironmentsFile = path.join(import.meta.dirname, 'three-environments.yml')
/** The seed of a company that has no factory yet: three subscriptions with nothing in them, and a person who owns them. */
export const emptySubscriptionsFile = path.join(import.meta.dirname, 'empty-subscriptions.yml')

const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
const tokenExchange = 'api://AzureADTokenExchange'

/** The parts of a state that a seed fills before anything runs: who is there, and which subscriptions. */
export interface SeededState {
  readonly directory: DirectoryState
  readonly arm: ArmState
  readonly github: GithubState
}

interface Registration {
  readonly application: Application
  readonly servicePrincipal: ServicePrincipal
}

const register = (
  identity: { readonly clientId: string; readonly applicationId: string; readonly objectId: string },
  displayName: string,
  graphRoles: readonly string[],
  credentials: Pick<Application, 'secrets' | 'federatedCredentials'>,
): Registration => ({
  application: { id: identity.applicationId, appId: identity.clientId, displayName, ...credentials },
  servicePrincipal: {
    id: identity.objectId,
    appId: identity.clientId,
    displayName,
    servicePrincipalType: 'Application',
    graphRoles,
  },
})

const registrationsOf = (seed: SeedDocument): readonly Registration[] => {
  const { operator, perEnvironment } = seed
  const workflows = Object.entries(seed.environments).flatMap(([name, environment]) => {
    const { clientId, applicationId, objectId } = environment
    if (perEnvironment === undefined || !clientId || !applicationId || !objectId) return []
    const values = valuesOf(seed, name)
    const { identity } = perEnvironment
    return register(
      { clientId, applicationId, objectId },
      fillText(identity.displayName, values),
      identity.graphRoles,
      {
        federatedCredentials: identity.federatedSubjects.map((subject, index) => ({
          name: `github-${index + 1}`,
          issuer: githubIssuer,
          subject: fillText(subject, values),
          audiences: [tokenExchange],
        })),
      },
    )
  })
  if (operator === undefined) return workflows
  const { displayName, graphRoles, secret } = operator
  return [register(operator, displayName, graphRoles, { secrets: [secret] }), ...workflows]
}

/** The directory roles of people, for the whole tenant. */
const directoryRolesOf = (seed: SeedDocument): RoleAssignment[] =>
  seed.people.flatMap((person, index) =>
    directoryRoles
      .filter(({ displayName }) => person.directoryRoles.includes(displayName))
      .map(({ id }, role) => ({
        id: `66666666-${String(index).padStart(4, '0')}-0000-0000-${String(role).padStart(12, '0')}`,
        principalId: person.id,
        roleDefinitionId: id,
        directoryScopeId: '/',
      })),
  )

const directoryOf = (seed: SeedDocument): DirectoryState => {
  const registrations = registrationsOf(seed)
  return {
    tenantId: seed.tenant.id,
    domain: seed.tenant.domain,
    users: seed.people.map(({ id, name, userPrincipalName, mail, userType, password }) => ({
      id,
      displayName: name,
      userPrincipalName,
      mail: mail ?? userPrincipalName,
      userType,
      accountEnabled: true,
      ...(password !== undefined && { password }),
    })),
    groups: [],
    applications: registrations.map(({ application }) => application),
    servicePrincipals: registrations.map(({ servicePrincipal }) => servicePrincipal),
    roleAssignments: directoryRolesOf(seed),
  }
}

const armOf = (seed: SeedDocument): ArmState => {
  const arm = emptyArmState()
  for (const group of seed.managementGroups) addManagementGroup(arm, group)
  for (const [name, { subscription, subscriptionName, managementGroup }] of Object.entries(
    seed.environments,
  )) {
    const { registeredProviders: registered } = seed
    addSubscription(arm, {
      subscriptionId: subscription,
      displayName: subscriptionName,
      managementGroup,
      ...(registered !== undefined && { registered }),
    })
    for (const [index, { objectId, kind }] of ownersOf(seed).entries())
      addRoleAssignment(arm, {
        name: `55555555-0000-0000-${String(index).padStart(4, '0')}-${valuesOf(seed, name).get('guid')}`,
        scope: `/subscriptions/${subscription}`,
        roleId: owner,
        principalId: objectId,
        principalType: kind,
      })
  }
  return arm
}

type SeedOwner = Pick<Caller, 'objectId' | 'appId'> & { readonly kind: 'User' | 'ServicePrincipal' }

/** Who owns all subscriptions, the operator first. */
const ownersOf = ({ operator, people }: SeedDocument): readonly SeedOwner[] => [
  ...(operator === undefined
    ? []
    : [{ objectId: operator.objectId, kind: 'ServicePrincipal', appId: operator.clientId } as const]),
  ...people.filter((person) => person.owner).map(({ id }) => ({ objectId: id, kind: 'User' }) as const),
]

const githubOf = (seed: SeedDocument): GithubState => ({
  users: [...seed.github.users],
  repositories: seed.github.repositories.map((repository) => ({
    ...repository,
    environments: repository.environments.map(({ name, reviewers, branches }, index) => ({
      ...{ id: repository.id * 1000 + index + 1, name, reviewers },
      from: branches.map((branch, at) => ({ id: at + 1, name: branch, type: 'branch' })),
    })),
    issues: repository.issues.map((issue, index) => ({
      ...issue,
      number: index + 1,
      state: 'open',
      createdAt: repository.createdAt,
      comments: [],
    })),
  })),
  lastCommentId: 0,
})

/** What is there before the first request: people, applications, subscriptions with their owner, repositories. */
export const stateOfSeed = (seed: SeedDocument): SeededState => ({
  directory: directoryOf(seed),
  arm: armOf(seed),
  github: githubOf(seed),
})

const expanded = (seed: SeedDocument, resource: SeedResource, values: Values): readonly SeedResource[] => {
  const { each, ...rest } = resource
  if (each === undefined) return [rest]
  const list = seed.lists[each.slice(2, -1)]
  if (list === undefined) throw new Error(`The seed has no list '${each}'.`)
  return list.map((item) => {
    const own = new Map([...values, ['each', item]])
    return { ...rest, id: fillText(rest.id, own), body: Object(fill(rest.body, own)) }
  })
}

/** What resources are made with. */
export interface SeedTargets {
  readonly engine: ResourceEngine
  readonly lake: LakeState
}

/**
 * Puts the resources of a seed, as the first who owns the subscriptions would: through the same rules as every request.
 * @throws ArmError when the sandbox refuses one of them
 */
export const deploySeed = async (seed: SeedDocument, { engine, lake }: SeedTargets): Promise<void> => {
  const { perEnvironment } = seed
  if (perEnvironment === undefined) return
  const [first] = ownersOf(seed)
  if (first === undefined) throw new Error('The seed has resources, and nobody who may make them.')
  const caller: Caller = {
    tenantId: seed.tenant.id,
    audience: 'https://management.azure.com',
    ...first,
  }
  const deployEnvironment = async (environment: string): Promise<void> => {
    const values = valuesOf(seed, environment)
    for (const wave of perEnvironment.waves) {
      const resources = wave.flatMap((resource) => expanded(seed, resource, values))
      await Promise.all(
        resources.map(({ id, apiVersion, body }) =>
          engine.put(fillText(id, values), apiVersion, Object(fill(body, values)), caller),
        ),
      )
    }
    const { account, container, directories } = perEnvironment.lake
    addDirectories(lake, fillText(account, values), container, directories)
  }
  await Promise.all(Object.keys(seed.environments).map(deployEnvironment))
}

/** Stands for the sandbox's address, which is known only when it runs. */
const sandboxAddress = '{sandbox}'

/**
 * A seed as the state of a sandbox that has just deployed it. Nothing is served meanwhile and nothing takes time.
 * @throws ArmError when the sandbox refuses one of the seed's resources
 */
const snapshotOfSeed = async (seed: SeedDocument): Promise<SandboxSnapshot> => {
  const state = stateOfSeed(seed)
  const lakeState = emptyLake()
  const runtime = { clock: systemClock, identifiers: randomIdentifiers }
  const directory = openDirectory(state.directory, runtime)
  const authorization: Authorization = {
    allows: (...question) => arm.authorization.allows(...question),
    allowsData: (...question) => arm.authorization.allowsData(...question),
  }
  const tenantId = seed.tenant.id
  const lake = createLake(lakeState, { ...runtime, authorization, directory, tenantId })
  const arm = createArm(state.arm, {
    ...runtime,
    directory,
    tenantId,
    lake: lake.accounts,
    base: () => sandboxAddress,
    durationScale: 0,
  })
  await deploySeed(seed, { engine: arm.engine, lake: lakeState })
  return { version: 1, ...state, lake: lakeState.toJSON() }
}

/**
 * Reads a seed file, YAML, and deploys it.
 * @throws Error that names the file, when it cannot be read or is no seed
 */
export const readSeed = async (file: string): Promise<SandboxSnapshot> => {
  const text = await readFile(file, 'utf8')
  try {
    return await snapshotOfSeed(loadSeed(text))
  } catch (error) {
    throw new Error(`The seed '${path.resolve(file)}' cannot be used.`, { cause: error })
  }
}
