import { wideningNotes } from '../../access/widening.ts'
import { connect } from '../../azure/connect.ts'
import { hasCode, isForbidden } from '../../azure/failure.ts'
import type { Session } from '../../azure/session.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { ActualSetup } from '../../setup/actual-setup.ts'
import type { Danger } from '../../setup/danger.ts'
import { type DesiredSetup, desiredSetup } from '../../setup/desired-setup.ts'
import { manifestChange } from '../../setup/keys-to-write.ts'
import { changeKey, type SetupChange, waitsFor } from '../../setup/setup-change.ts'
import type { CommandPlace } from '../../setup/setup-commands.ts'
import { setupDangers } from '../../setup/setup-dangers.ts'
import { setupDifference } from '../../setup/setup-difference.ts'
import { describeChange } from '../../setup/setup-texts.ts'
import { applyChange } from './apply-change.ts'
import { askGitHub, issuerOf } from './ask-github.ts'
import { type GitHubPlace, isRefusedByGitHub, openGitHub } from './github.ts'
import { openGitHubEnvironments } from './github-environments.ts'
import { demandSubscriptions } from './known-subscriptions.ts'
import { readSetup } from './read-setup.ts'
import {
  changeLines,
  dangerLines,
  noteLines,
  type OpenChange,
  openLines,
  ownerLines,
} from './setup-report.ts'
import { openSetupServices, type SetupServices } from './setup-services.ts'
import { readSetupTarget, repositoryOf, type SetupTarget } from './setup-target.ts'

/** What set-up is asked to do. */
export interface SetupOptions {
  /** Path of factory.yml. */
  readonly factoryFile: string
  /** `check` changes nothing. */
  readonly mode: 'check' | 'apply'
  /** Name of an Azure cloud, or the URL of its Resource Manager. */
  readonly azureCloud: string
  readonly gitHub: GitHubPlace
  /** Who issues the tokens of GitHub's jobs, where the enterprise has chosen an issuer of its own. */
  readonly issuer: string | undefined
  /** The repository that the folder is a clone of. */
  readonly origin: string | undefined
}

/** What set-up needs of whoever runs it. */
export interface SetupContext {
  readonly userAgent: string
  /** Writes a line. */
  readonly say: (line: string) => void
  /** Asks whether to go on. */
  readonly confirm: (question: string) => Promise<boolean>
}

/** How a set-up is: as it should be, or with something left to do for this person or another one. */
export type SetupOutcome = 'complete' | 'incomplete' | 'declined'

/** What is known of a set-up at one moment. */
interface Comparison {
  readonly changes: readonly SetupChange[]
  readonly dangers: readonly Danger[]
  /** Was all of the identities seen? */
  readonly isWhole: boolean
  /** Client ids of the applications that whoever runs set-up owns. */
  readonly owned: readonly string[]
}

/** Everything a set-up works with. */
interface Work {
  readonly target: SetupTarget
  readonly desired: DesiredSetup
  readonly services: SetupServices
  readonly place: CommandPlace
  readonly say: SetupContext['say']
  /** Client ids of the applications that this run has registered, by name. */
  readonly created: Map<string, string>
}

/**
 * Shows what a factory lacks of its identities and their rights, and makes it when asked to. Run by a person who signed in
 * with the Azure CLI; it can be run again at any time.
 */
export async function setUp(options: SetupOptions, context: SetupContext): Promise<SetupOutcome> {
  const work = await openWork(options, context)
  const { say, desired, services } = work
  say(`Set-up of the AI factory in ${options.factoryFile}, for the jobs of ${desired.repository} on GitHub`)
  const { changes, dangers, isWhole, owned } = await compare(work)
  const widened = work.target.environments.flatMap(({ factory }) => wideningNotes(factory))
  for (const line of [...changeLines(changes), ...noteLines(widened), ...dangerLines(dangers)]) say(line)
  const isSafe = dangers.every(({ severity }) => severity === 'warning')
  if (changes.length === 0) {
    say(nothingToDo(isWhole))
    for (const line of ownerLines(owned, services.self)) say(line)
    return isSafe ? 'complete' : 'incomplete'
  }
  if (options.mode === 'check') {
    say(`\n${countOf(changes)} to make. Nothing was changed.`)
    return 'incomplete'
  }
  if (
    !(await context.confirm(
      `Make ${changes.length === 1 ? 'this change' : `these ${changes.length} changes`}?`,
    ))
  ) {
    say('Nothing was changed.')
    return 'declined'
  }
  const open = await makeChanges(work)
  for (const line of openLines(open, work.place)) say(line)
  for (const line of ownerLines((await compare(work)).owned, services.self)) say(line)
  return open.length === 0 && isSafe ? 'complete' : 'incomplete'
}

const nothingToDo = (isWhole: boolean): string =>
  `\n${isWhole ? 'The identities and their rights are as they should be' : 'Nothing is missing of what you may see'}. Nothing was changed.`

const countOf = ({ length }: readonly SetupChange[]): string =>
  length === 1 ? 'One change' : `${length} changes`

async function openWork(options: SetupOptions, { userAgent, say }: SetupContext): Promise<Work> {
  const target = readSetupTarget(options.factoryFile)
  const session = await signIn(target, options, userAgent, say)
  const gitHub = await openGitHub(options.gitHub)
  const [repository, services] = await Promise.all([
    askGitHub(repositoryOf(target, options.origin), gitHub, options.gitHub),
    openSetupServices(session),
  ])
  await demandSubscriptions(target, services.resources)
  const { resourceManager, graph, tokenExchangeAudience } = session.cloud
  const desired = desiredSetup(target.environments, {
    repository,
    issuer: options.issuer ?? issuerOf(options.gitHub),
    audience: tokenExchangeAudience,
  })
  const { objectId: graphObjectId, permissionIds } = services.graph
  return {
    target,
    desired,
    services: { ...services, githubEnvironments: openGitHubEnvironments(gitHub, repository) },
    say,
    created: new Map(),
    place: { resourceManager, graph, graphObjectId, permissionIds },
  }
}

/** Always as the person who signed in with the Azure CLI, also where a job could sign in as an identity. */
const signIn = (
  { manifest }: SetupTarget,
  { azureCloud }: SetupOptions,
  userAgent: string,
  say: SetupContext['say'],
): Promise<Session> => {
  const noJob = (): never => {
    throw new Error('Set-up signs in as a person.')
  }
  return connect({
    cloud: azureCloud,
    tenantId: manifest.document.tenantId,
    clientId: noJob,
    idToken: noJob,
    environment: {},
    userAgent,
    progress: (line) => say(`  ${line}`),
  })
}

async function compare({ target, services, created, ...work }: Omit<Work, 'say'>): Promise<Comparison> {
  const desired = withCreated(work.desired, created)
  const now = readSetupTarget(target.file)
  const actual: ActualSetup = await readSetup(now, desired, services)
  const factories = now.environments.map(({ factory }) => factory)
  return {
    changes: [...setupDifference(desired, actual), ...manifestChange(factories, desired, actual)],
    dangers: setupDangers(desired, actual),
    isWhole: actual.identities.every(({ hidden }) => hidden.length === 0),
    owned: ownedBySelf(actual),
  }
}

const ownedBySelf = ({ identities }: ActualSetup): readonly string[] =>
  identities
    .filter(({ owners }) => owners.some(({ isSelf, of }) => isSelf && of === 'application'))
    .map(({ clientId }) => clientId)

/** What this run has registered it knows by its client id: nobody may own it, and lists show it late. */
const withCreated = (desired: DesiredSetup, created: ReadonlyMap<string, string>): DesiredSetup => ({
  ...desired,
  identities: desired.identities.map((one) => ({
    ...one,
    clientId: one.clientId ?? created.get(one.name),
  })),
})

/** More rounds than it takes: applications first, then their service principals, then what those may do. */
const mostRounds = 6

/** Makes what is ready, looks again, and goes on until nothing is left that this person may do. */
async function makeChanges(work: Work): Promise<readonly OpenChange[]> {
  const refused = new Map<string, OpenChange>()
  const done = new Set<string>()
  let rest: readonly SetupChange[] = []
  for (let round = 1; round <= mostRounds; round += 1) {
    const { changes } = await compare(work)
    rest = changes.filter((change) => !done.has(changeKey(change)))
    const open = rest.filter((change) => !refused.has(changeKey(change)))
    const ready = open.filter((change) => waitsFor(change, rest) === undefined)
    if (ready.length === 0) break
    for (const change of ready) await makeChange(change, work, { refused, done })
  }
  return rest
    .filter((change) => !done.has(changeKey(change)))
    .map((change) => refused.get(changeKey(change)) ?? waitingChange(change, rest))
}

/** What was made a moment ago is not shown everywhere yet, so that a change may wait for nothing that is known. */
const waitingChange = (change: SetupChange, rest: readonly SetupChange[]): OpenChange => ({
  change,
  kind: 'waiting',
  reason: waitsFor(change, rest) ?? 'Entra ID does not show everywhere yet what was made',
})

/** For which Azure takes a role from nobody: its name is taken, the tenant has all that it can have, or a policy forbids it. */
const noRoleForAnybody = [
  'RoleDefinitionWithSameNameExists',
  'RoleDefinitionLimitExceeded',
  'RequestDisallowedByPolicy',
] as const

const stillHeld = 'somebody has been assigned it meanwhile, or is eligible for it'

async function makeChange(
  change: SetupChange,
  { target, services, say, created }: Work,
  { refused, done }: { readonly refused: Map<string, OpenChange>; readonly done: Set<string> },
): Promise<void> {
  const what = describeChange(change)
  try {
    await applyChange(change, target.file, services, created)
  } catch (error) {
    if (change.kind === 'formerRoleDefinition' && hasCode(error, 'RoleDefinitionHasAssignments')) {
      refused.set(changeKey(change), { change, kind: 'waiting', reason: stillHeld })
      return
    }
    const isImpossible = change.kind === 'roleDefinition' && hasCode(error, ...noRoleForAnybody)
    if (!isImpossible && !isForbidden(error) && !isRefusedByGitHub(error)) throw error
    const { what, why, fix } = error instanceof UserError ? error.parts : { what: String(error) }
    const reason = isImpossible ? [what, why, fix].filter(Boolean).join(' ') : what
    refused.set(changeKey(change), { change, kind: isImpossible ? 'impossible' : 'refused', reason })
    say(`  refused: ${what}`)
    return
  }
  done.add(changeKey(change))
  say(`  done: ${what}`)
}
