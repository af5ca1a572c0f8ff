import type { KnownMembership, Offboarding } from '../../../access/offboarding.ts'
import { unresolvedFault } from '../../../access/unresolved-fault.ts'
import { type Directory, openDirectory } from '../../../azure/directory.ts'
import type { ResolvedObject } from '../../../azure/directory-people.ts'
import { type Memberships, openMemberships } from '../../../azure/memberships.ts'
import { combinedError } from '../../../diagnostics/fault.ts'
import { UserError } from '../../../diagnostics/user-error.ts'
import type { ResolvedFactory } from '../../../manifest/resolved.ts'
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
    const people = await demandKnown(options.people, directory)
    const [decided, names] = await Promise.all([
      decideMemberships(people, factory, memberships),
      memberships.namesOf(people),
    ])
    const findings: OffboardFindings = {
      action: context.action,
      environment: factory.environment,
      people: people.map(({ display }) => display),
      decided,
      documents: documentsNaming(
        options.factoryFile,
        new Set([...options.people, ...[...names.values()].flat()]),
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

/** @throws UserError with all whom the directory does not know for certain: nobody is taken out of anything then */
async function demandKnown(
  named: readonly string[],
  { resolve, explainUnresolved }: Pick<Directory, 'resolve' | 'explainUnresolved'>,
): Promise<readonly ResolvedObject[]> {
  const found = await resolve(named)
  const unknown = named.filter((one) => !found.has(one))
  if (unknown.length > 0) {
    const explained = await explainUnresolved(unknown)
    const faults = unknown.map((one) => unresolvedFault(one, undefined, explained.get(one)))
    throw combinedError("The input 'remove' has", faults)
  }
  return [...new Map([...found.values()].map((one) => [one.objectId, one])).values()]
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
