import type { KnownMembership, Offboarding, RemainingMembership } from '../../../access/offboarding.ts'
import { enumeration } from '../../../diagnostics/enumeration.ts'
import { printable } from '../../../diagnostics/escape.ts'
import type { Location } from '../../../diagnostics/user-error.ts'
import { table } from '../../../plan/markdown.ts'
import type { Change, Outcome, Plan } from '../../../plan/model.ts'
import { planReport, type Report } from '../../../plan/report.ts'
import type { Environment } from '../../../vocabulary.ts'
import type { DocumentsNaming } from './documents-naming.ts'

/** What is known of an offboarding. */
export interface OffboardFindings {
  readonly action: string
  readonly environment: Environment
  /** How people know those who leave. */
  readonly people: readonly string[]
  /** Those of them whose account is deleted already. */
  readonly deleted: readonly string[]
  readonly decided: Offboarding
  readonly documents: DocumentsNaming
}

const placeOf = ({ purpose: { of, role, environment } }: KnownMembership): string =>
  `${role} of ${of} in ${environment}`

const lineOf = ({ file, line }: Location): string => `${file}:${line}`

const changeOf = (membership: KnownMembership, change: Change['change'], reason: string): Change => ({
  change,
  kind: 'member',
  name: membership.person,
  scope: membership.groupName,
  reason,
})

/** The owner is a tag, and the lead only where the manifest names none. */
const consequenceOf = (key: string): string =>
  key === 'owner'
    ? "where 'team.lead' names nobody, the next delivery would make them the lead. Name another owner."
    : 'the next delivery would add them back. Remove the entry.'

function warningsOf({ deleted, decided, documents }: OffboardFindings): readonly string[] {
  const { mentions, unreadable } = documents
  return [
    ...deleted.map(
      (one) =>
        `The account '${one}' is deleted already, and so out of every group. Whoever restores it within 30 days brings its memberships back: run this again then.`,
    ),
    ...decided.removals
      .filter(({ isEligible }) => isEligible)
      .map(
        (one) =>
          `What ${one.person} has activated as ${placeOf(one)} stays active until it ends, eight hours at most unless the role's settings say otherwise, and cannot be seen by this identity. To end it at once, an Owner removes it in Privileged Identity Management.`,
      ),
    ...decided.leavingNobody.map(
      (one) => `Nobody is left as ${placeOf(one)} without ${one.person}. Name a successor.`,
    ),
    ...decided.remaining.map((one) => `${one.person} is still ${placeOf(one)}. ${one.why}`),
    ...mentions.map(
      ({ where, key, text }) =>
        `${lineOf(where)} still names ${printable(text)} (${key}): ${consequenceOf(key)}`,
    ),
    ...(unreadable.length === 0
      ? []
      : [
          `Whether these still name them is not known, because they cannot be read: ${enumeration(unreadable, 10)}.`,
        ]),
  ]
}

const remainingTable = (remaining: readonly RemainingMembership[]): string =>
  remaining.length === 0
    ? ''
    : `### Still there\n\n${table(
        ['Person', 'Is still', 'Why'],
        remaining.map((one) => [one.person, placeOf(one), one.why]),
        400,
      )}`

const mentionTable = ({ mentions }: DocumentsNaming): string =>
  mentions.length === 0
    ? ''
    : `### Still named\n\n${table(
        ['Line', 'Key', 'Names'],
        mentions.map(({ where, key, text }) => [lineOf(where), key, text]),
      )}`

/** What was done, or would be; where they still are; and which lines would bring them back. */
export function offboardReport(findings: OffboardFindings, outcome: Outcome): Report {
  const { action, environment, people, decided, documents } = findings
  const plan: Plan = {
    version: 1,
    action,
    environment,
    changes: [
      ...decided.removals.map((one) => changeOf(one, 'delete', `No longer ${placeOf(one)}.`)),
      ...decided.remaining.map((one) => changeOf(one, 'keep', one.why)),
    ],
    warnings: warningsOf(findings),
  }
  return planReport({
    title: `Offboarding of ${enumeration(people, 5)} in ${environment}`,
    plan,
    outcome,
    lead: [remainingTable(decided.remaining), mentionTable(documents)]
      .filter((one) => one !== '')
      .join('\n\n'),
    unchanged:
      decided.remaining.length === 0
        ? 'No changes. They are in no group of the factory, in any environment.'
        : `No changes. What is left cannot be changed by the identity of ${environment}.`,
    outputs: {
      'still-in': JSON.stringify(
        decided.remaining.map(({ person, personId, groupName, groupId, purpose, why }) => ({
          ...{ person, personId, group: groupName, groupId, environment: purpose.environment, why },
        })),
      ),
      'still-named': JSON.stringify(
        documents.mentions.map(({ where: { file, line, column }, key, text }) => ({
          ...{ file, line, column, key, text },
        })),
      ),
    },
  })
}
