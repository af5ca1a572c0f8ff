import type { KnownMembership, Offboarding } from '../../../access/offboarding.ts'
import { unresolvedFault } from '../../../access/unresolved-fault.ts'
import { type Directory, openDirectory } from '../../../azure/directory.ts'
import type { ResolvedObject } from '../../../azure/directory-people.ts'
import { type Memberships, openMemberships } from '../../../azure/memberships.ts'
import { printable } from '../../../diagnostics/escape.ts'
import { combinedError, type Fault } from '../../../diagnostics/fault.ts'
import { UserError } from '../../../diagnostics/user-error.ts'
import { namingScheme } from '../../../manifest/resolve.ts'
import type { ResolvedFactory } from '../../../manifest/resolved.ts'
import { groupPrefix } from '../../../naming/names.ts'
import { applySteps, type Step } from '../../apply-steps.ts'
import { connect } from '../../connect.ts'
import { groupOwners } from '../../entra-group-owners.ts'
import { newestOnly } from '../../newest/newest-only.ts'
import type { NewestCommonArea } from '../../newest/standing.ts'
import { readFactory } from '../../project.ts'
import { documentsNaming } from './documents-naming.ts'
import { decideMemberships } from './memberships.ts'
import { type OffboardFindings, offboardReport } from './offboard-report.ts'

/** What {@link offboard} is asked to do. */
export interface OffboardOptions extends NewestCommonArea {
  readonly mode: 'plan-offboard' | 'offboard'
  /** Who leaves, by address or object id; at least one. */
  readonly people: readonly string[]
}

/**
 * Takes people out of all groups of the factory that the identity of an environment owns, from one end to the other: it asks
 * which groups they are in, and not each group for its members. Needs rights in the directory alone.
 */
export const offboard = newestOnly<OffboardOptions>(
  (options) => ({ target: options, changing: options.mode === 'offboard' }),
  async (options, context) => {
    const { factory } = readFactory(options)
    const session = await connect(factory, { ...options, clientId: signingIn(options, factory) }, context)
    session.credential.prepare(session.cloud.graphScope)
    const [directory, memberships] = await Promise.all([
      openDirectory(session, groupOwners(factory)),
      openMemberships(session),
    ])
    context.info('Looking for the groups that they are in')
    const { people, deleted } = await demandKnown(options.people, factory, directory)
    const [decided, names] = await Promise.all([
      decideMemberships(people, factory, memberships),
      memberships.namesOf(people),
    ])
    const findings: OffboardFindings = {
      action: context.action,
      environment: factory.environment,
      people: [...people.map(({ display }) => display), ...deleted.map(({ name }) => name)],
      deleted: deleted.map(({ name }) => name),
      decided,
      documents: documentsNaming(
        options.factoryFile,
        new Set([
          ...options.people,
          ...[...names.values()].flat(),
          ...deleted.flatMap(({ objectIds }) => objectIds),
        ]),
      ),
    }
    if (options.mode === 'plan-offboard') return offboardReport(findings, 'planned')
    refuseNobodyLeft(decided, options)
    const refused: KnownMembership[] = []
    const steps = removalSteps(decided.removals, people, memberships, refused)
    await applySteps(steps, context.info, () => offboardReport(findings, 'failed'))
    return offboardReport({ ...findings, decided: withRefused(decided, refused) }, 'applied')
  },
)

/** The identity for people has no approval to wait for; a factory without one has only the one that delivers. */
const signingIn = (
  { clientId }: Pick<OffboardOptions, 'clientId'>,
  { identities: { people } }: ResolvedFactory,
): string | undefined => clientId ?? people?.clientId

/** Who leaves, as the directory knows them. */
interface Leaving {
  readonly people: readonly ResolvedObject[]
  /** Those whose account is deleted, with the object ids that it may have had. */
  readonly deleted: readonly { readonly name: string; readonly objectIds: readonly string[] }[]
}

/**
 * Somebody whose account is deleted already is out of everything, and holds the others up no more.
 * @throws UserError with all whom the directory does not know for certain, and all who are no people: nobody is taken out of
 * anything then
 */
async function demandKnown(
  named: readonly string[],
  factory: ResolvedFactory,
  directory: Pick<Directory, 'resolve' | 'explainUnresolved' | 'groupsBeginning'>,
): Promise<Leaving> {
  const found = await directory.resolve(named)
  const unknown = named.filter((one) => !found.has(one))
  const explained = unknown.length === 0 ? undefined : await directory.explainUnresolved(unknown)
  const deleted = unknown.flatMap((name) => {
    const { reason, candidates = [] } = explained?.get(name) ?? {}
    return reason === 'deleted' ? [{ name, objectIds: candidates.map(({ objectId }) => objectId) }] : []
  })
  const faults = [
    ...unknown
      .filter((one) => !deleted.some(({ name }) => name === one))
      .map((one) => unresolvedFault(one, undefined, explained?.get(one))),
    ...(await noPeople([...found], factory, directory)),
  ]
  if (faults.length > 0) throw combinedError("The input 'remove' has", faults)
  return { people: [...new Map([...found.values()].map((one) => [one.objectId, one])).values()], deleted }
}

/** Those who do not leave, because they are no people: a group of the factory would be cut off from what it needs. */
async function noPeople(
  found: readonly (readonly [string, ResolvedObject])[],
  factory: ResolvedFactory,
  { groupsBeginning }: Pick<Directory, 'groupsBeginning'>,
): Promise<readonly Fault[]> {
  const own = found.some(([, { kind }]) => kind === 'group')
    ? await groupsBeginning(groupPrefix(namingScheme(factory)))
    : []
  return found.flatMap(([name, { kind, objectId, display }]): readonly Fault[] => {
    const isOwn = own.some((group) => group.objectId === objectId)
    if (kind === 'user' || (kind === 'group' && !isOwn)) return []
    return [
      {
        what: `${printable(display)} ('${name}') is ${isOwn ? 'a group of the factory' : kinds[kind]}, and nobody who leaves.`,
        why: 'Its memberships are what a delivery has made, or the work of whoever runs it.',
        fix: 'Name people, or a group of others that a manifest names.',
      },
    ]
  })
}

const kinds: Readonly<Record<ResolvedObject['kind'], string>> = {
  user: 'a person',
  group: 'a group',
  servicePrincipal: 'an application or a managed identity',
  device: 'a device',
  other: 'a contact',
}

/** @throws UserError when somebody must be left in a group, and nobody would be */
function refuseNobodyLeft({ leavingNobody }: Offboarding, { allowed }: OffboardOptions): void {
  if (allowed.includes('no-lead') || leavingNobody.length === 0) return
  const places = leavingNobody.map(
    ({ purpose: { of, role, environment } }) => `${role} of ${of} in ${environment}`,
  )
  throw new UserError({
    what: `Nothing was changed. Nobody would be left as ${[...new Set(places)].join(', ')}.`,
    why: 'Somebody must answer for a project, and for what all of them share.',
    fix: "Name a successor in the manifest and deliver it first. To go on without one, set the input 'allow: no-lead'.",
  })
}

/** Every removal, then a look whether Graph knows it everywhere. */
function removalSteps(
  removals: readonly KnownMembership[],
  people: readonly ResolvedObject[],
  { end, confirmLeft }: Pick<Memberships, 'end' | 'confirmLeft'>,
  refused: KnownMembership[],
): readonly Step[] {
  if (removals.length === 0) return []
  const leftBy = ({ objectId }: ResolvedObject): readonly string[] =>
    removals
      .filter((one) => one.personId === objectId && !refused.includes(one))
      .map(({ groupId }) => groupId)
  return [
    {
      name: `End ${removals.length} ${removals.length === 1 ? 'membership' : 'memberships'}`,
      apply: async () => {
        refused.push(...(await end(removals)))
      },
    },
    ...people.map(
      (one): Step => ({
        name: `Confirm that ${one.display} has left`,
        stage: 'confirm',
        isNeeded: () => leftBy(one).length > 0,
        apply: () => confirmLeft(one, leftBy(one)),
      }),
    ),
  ]
}

const withRefused = (decided: Offboarding, refused: readonly KnownMembership[]): Offboarding => ({
  ...decided,
  removals: decided.removals.filter((one) => !refused.includes(one)),
  remaining: [
    ...decided.remaining,
    ...refused.map((one) => ({
      ...one,
      why: 'Graph does not let the identity that is signed in change the group.',
    })),
  ],
})
