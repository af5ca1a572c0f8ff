import type { Right } from '../../azure/granted-rights.ts'
import type { UserError } from '../../diagnostics/user-error.ts'
import { isWithin } from '../../resource-id.ts'
import type { SubjectFindings } from './check-report.ts'
import { unchecked } from './finding.ts'
import { setUpCommands } from './rights-to-give.ts'

/** A subject that Azure or the directory refused to show to whoever is checking. */
export interface RefusedRead {
  readonly subject: string
  readonly error: UserError
}

/** Who was refused. */
export interface Checker {
  /** Is it the identity that delivers? */
  readonly isSelf: boolean
  /** Object id of the identity that delivers, as far as it is known. */
  readonly objectId: string | undefined
  readonly subscriptionId: string
  /** Id of the data lake's storage account. */
  readonly lake: string
  /** What its right to assign roles is limited by. */
  readonly condition: string
  /** What a delivery does. */
  readonly needed: readonly Right[]
}

/**
 * What becomes of subjects that nobody could look at. When the delivering identity itself is refused something that a
 * delivery does, and its rights cannot be read, that is one fault, and the reason for all the rest. Else they are not
 * checked. Pure.
 */
export function refusedFindings(
  refused: readonly RefusedRead[],
  found: readonly SubjectFindings[],
  checker: Checker,
): readonly SubjectFindings[] {
  const isRightsRefused = refused.some(({ subject }) => subject === 'Rights')
  const lacking = refused.filter(({ error }) => isNeeded(error, checker.needed))
  if (checker.isSelf && isRightsRefused && lacking.length > 0) {
    const others = refused.filter((one) => isOfDirectory(one))
    return [lackingFinding(refused, lacking, checker), ...others.map((one) => notChecked(one, checker))]
  }
  return refused.map((one) =>
    checker.isSelf && isOfDirectory(one) && !hasFault(found, 'Directory permissions')
      ? { subject: one.subject, findings: [{ severity: 'fault', ...partsOf(one.error) }] }
      : notChecked(one, checker),
  )
}

const hasFault = (found: readonly SubjectFindings[], wanted: string): boolean =>
  found.some(
    ({ subject, findings }) => subject === wanted && findings.some(({ severity }) => severity === 'fault'),
  )

const partsOf = ({ parts: { what, why, fix } }: UserError) => ({
  what,
  ...(why && { why }),
  ...(fix && { fix }),
})

/** What Resource Manager refused, as its message says. */
function refusalIn({ parts }: UserError): { readonly action: string; readonly scope: string } | undefined {
  const [, action, scope] = /perform action '([^']+)' over scope '([^']+)'/.exec(parts.what) ?? []
  return action === undefined || scope === undefined ? undefined : { action, scope }
}

function isNeeded(error: UserError, needed: readonly Right[]): boolean {
  const refusal = refusalIn(error)
  return (
    refusal !== undefined &&
    needed.some(
      ({ action, scope }) =>
        action.toLowerCase() === refusal.action.toLowerCase() && isWithin(refusal.scope, scope),
    )
  )
}

/** Microsoft Graph names no action. */
const isOfDirectory = ({ error }: RefusedRead): boolean =>
  error.parts.what.includes('Authorization_RequestDenied')

const actionsIn = (refused: readonly RefusedRead[]): string =>
  [...new Set(refused.flatMap(({ error }) => refusalIn(error)?.action ?? []))].join(', ')

function lackingFinding(
  refused: readonly RefusedRead[],
  lacking: readonly RefusedRead[],
  { objectId, subscriptionId, lake, condition }: Checker,
): SubjectFindings {
  const unknown = refused.filter((one) => !isOfDirectory(one)).map(({ subject }) => subject.toLowerCase())
  return {
    subject: 'Rights',
    findings: [
      {
        severity: 'fault',
        what: `The delivering identity may not even read in subscription ${subscriptionId} what a delivery reads: ${actionsIn(lacking)}.`,
        why: `No role of it there allows it, or the role was assigned a few minutes ago. Nothing is known therefore of: ${unknown.join(', ')}.`,
        fix: 'Assign it the roles of the setup guide (workflows-templates/README.md), or check clientId and subscriptionId in factory.yml.',
        commands:
          objectId === undefined
            ? []
            : setUpCommands(objectId, { subscription: `/subscriptions/${subscriptionId}`, lake, condition }),
      },
    ],
  }
}

/** Whoever only checks is to read, and need not deliver: the advice for deliveries would be wrong. */
function notChecked(one: RefusedRead, { isSelf }: Checker): SubjectFindings {
  const { subject, error } = one
  const action = refusalIn(error)?.action
  const why = isOfDirectory(one)
    ? 'Microsoft Graph refuses it to the identity that checks.'
    : action === undefined
      ? error.parts.what
      : `The identity that checks may not do ${action}.`
  return { subject, findings: [unchecked(`${subject}: not checked.`, why, fixOf(one, isSelf))] }
}

function fixOf(one: RefusedRead, isSelf: boolean): string {
  if (isOfDirectory(one)) {
    return isSelf
      ? 'Grant the permissions of Microsoft Graph that it lacks, then check again.'
      : 'Grant it User.Read.All and GroupMember.Read.All in Microsoft Graph, with admin consent, or let the delivering identity check.'
  }
  const who = isSelf ? 'it' : 'it, or let the delivering identity check'
  return `Assign the role 'Reader' of the subscription to ${who}.`
}
