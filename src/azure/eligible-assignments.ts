import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { UserError } from '../diagnostics/user-error.ts'
import { isWithin, lastSegment, normalId, sameText } from '../resource-id.ts'
import { sameCondition } from '../role-condition.ts'
import { openArm } from './arm.ts'
import { explaining } from './errors.ts'
import { hasCode, isForbidden } from './failure.ts'
import { retryWhile } from './retry.ts'
import type { Session } from './session.ts'
import { writtenCondition } from './written-condition.ts'

/** Somebody may activate a role for some hours: Privileged Identity Management calls it a schedule. */
export interface ExistingEligibility {
  readonly id: string
  readonly scope: string
  readonly principalId: string
  /** The last segment of the role definition's id: a GUID. */
  readonly roleDefinitionId: string
  /** The expression that limits what it grants; empty when nothing does. */
  readonly condition: string
  /** When it ends, as Azure writes it; undefined for one that does not. */
  readonly end: string | undefined
  /** Days until then, not rounded. */
  readonly daysLeft: number | undefined
}

/** Who is eligible. `unlicensed`: the tenant has no Privileged Identity Management, so nobody is. */
export type EligibilityList =
  | { readonly kind: 'known'; readonly eligible: readonly ExistingEligibility[] }
  | { readonly kind: 'unlicensed' }
  | { readonly kind: 'forbidden' }

/** Whom to make eligible for what. */
export interface EligibilityTuple {
  readonly scope: string
  readonly principalId: string
  /** A GUID. */
  readonly roleDefinitionId: string
}

/** An eligibility to create or to change. */
export interface NewEligibility extends EligibilityTuple {
  readonly days: number
  /** Why, as it stands in the records of Privileged Identity Management. */
  readonly justification: string
  /** The expression that limits what it grants; empty when nothing does. */
  readonly condition: string
  /** The id of the one that is there, which is changed. */
  readonly replaces: string | undefined
}

/** Privileged Identity Management of roles in Azure. https://learn.microsoft.com/rest/api/authorization/privileged-role-eligibility-rest-sample */
export interface EligibleAssignments {
  /** All at exactly this scope and below it. */
  readonly listWithin: (scope: string) => Promise<EligibilityList>
  /** Makes somebody eligible from now on, and waits until a new principal is known everywhere. */
  readonly grant: (eligibility: NewEligibility) => Promise<void>
  /** Makes sure that Azure lists all that were granted through here, and waits for those that are not known everywhere. */
  readonly confirm: () => Promise<void>
  /** Ends one; one that is gone is no error. One of the last five minutes is waited for. */
  readonly end: (eligibility: EligibilityTuple) => Promise<void>
}

const apiVersion = '2020-10-01'
const provider = 'providers/Microsoft.Authorization'
const dayLength = 86_400_000

const scheduleSchema = z.object({
  id: z.string(),
  properties: z.object({
    scope: z.string(),
    principalId: z.string(),
    roleDefinitionId: z.string(),
    endDateTime: z.string().nullish(),
    condition: z.string().nullish(),
  }),
})

const requestSchema = z.object({ properties: z.object({ status: z.string() }) })

/** https://learn.microsoft.com/rest/api/authorization/role-eligibility-schedule-requests/create#status */
const refusedStatus = /denied|failed|invalid|cancel|timedout/i

const existing = ({
  id,
  properties: { endDateTime, condition, roleDefinitionId, ...rest },
}: z.infer<typeof scheduleSchema>): ExistingEligibility => ({
  id,
  ...rest,
  roleDefinitionId: lastSegment(roleDefinitionId),
  condition: condition ?? '',
  end: endDateTime ?? undefined,
  daysLeft: endDateTime ? (Date.parse(endDateTime) - Date.now()) / dayLength : undefined,
})

const isSame = (one: EligibilityTuple, other: EligibilityTuple): boolean =>
  normalId(one.scope) === normalId(other.scope) &&
  sameText(one.principalId, other.principalId) &&
  sameText(one.roleDefinitionId, other.roleDefinitionId)

/** Azure accepted them, and does not list them. */
class NotListed extends UserError {
  constructor(missing: readonly EligibilityTuple[]) {
    const places = missing.map(({ scope, principalId }) => `${principalId} on '${lastSegment(scope)}'`)
    super({
      what: `Privileged Identity Management does not list eligible assignments as it accepted them: ${places.join(', ')}.`,
      why: 'They have not replicated yet, or somebody has ended them or changed their condition.',
      fix: 'Run the job again in some minutes.',
    })
  }
}

/** Opens those of a subscription. */
export async function openEligibleAssignments(
  session: Session,
  subscriptionId: string,
): Promise<EligibleAssignments> {
  const arm = await openArm(session)

  const list = async (scope: string): Promise<readonly ExistingEligibility[]> => {
    const found = await arm.list(
      { path: `${scope}/${provider}/roleEligibilitySchedules`, apiVersion },
      scheduleSchema,
    )
    return found.map(existing).filter((one) => isWithin(one.scope, scope))
  }

  const request = async (
    { scope, principalId, roleDefinitionId }: EligibilityTuple,
    properties: object,
    waitingFor: string,
  ): Promise<void> => {
    const answer = await arm.put(
      {
        path: `${scope}/${provider}/roleEligibilityScheduleRequests/${randomUUID()}`,
        apiVersion,
        body: {
          properties: {
            principalId,
            roleDefinitionId: `/subscriptions/${subscriptionId}/${provider}/roleDefinitions/${roleDefinitionId}`,
            ...properties,
          },
        },
        waitingFor,
      },
      requestSchema,
    )
    const { status } = answer.properties
    if (!refusedStatus.test(status)) return
    throw new UserError({
      what: `${waitingFor} failed: Privileged Identity Management answered '${status}'.`,
      fix: 'Look into its audit log in the portal, under the resource group.',
    })
  }

  const granted: NewEligibility[] = []
  const unlisted = async (): Promise<readonly NewEligibility[]> => {
    const scopes = [...new Set(granted.map(({ scope }) => scope))]
    const listed = (await Promise.all(scopes.map(list))).flat()
    return granted.filter(
      (one) => !listed.some((other) => isSame(one, other) && sameCondition(one.condition, other.condition)),
    )
  }

  return {
    listWithin: (scope) =>
      explaining(`Listing who is eligible on '${lastSegment(scope)}'`, async () => {
        try {
          return { kind: 'known', eligible: await list(scope) }
        } catch (error) {
          if (hasCode(error, 'AadPremiumLicenseRequired')) return { kind: 'unlicensed' }
          if (hasCode(error, 'ResourceGroupNotFound', 'ResourceNotFound'))
            return { kind: 'known', eligible: [] }
          if (isForbidden(error)) return { kind: 'forbidden' }
          throw error
        }
      }),
    grant: (eligibility) => {
      const { scope, days, justification, condition, replaces } = eligibility
      const what = `Making a group eligible on '${lastSegment(scope)}'`
      const properties = {
        justification,
        // Days, because a schedule counts no weeks, and months differ.
        scheduleInfo: { expiration: { type: 'AfterDuration', duration: `P${days}D` } },
        ...writtenCondition(condition),
        ...(replaces === undefined
          ? { requestType: 'AdminAssign' }
          : { requestType: 'AdminUpdate', targetRoleEligibilityScheduleId: lastSegment(replaces) }),
      }
      const unknown = (error: unknown): string | undefined =>
        hasCode(error, 'PrincipalNotFound', 'SubjectNotFound')
          ? 'the principal has not replicated yet'
          : undefined
      return explaining(what, async () => {
        try {
          await retryWhile(() => request(eligibility, properties, what), unknown, what, session)
        } catch (error) {
          if (!hasCode(error, 'RoleAssignmentExists')) throw error
        }
        granted.push(eligibility)
      })
    },
    confirm: async () => {
      if (granted.length === 0) return
      const once = async (): Promise<void> => {
        const missing = await unlisted()
        if (missing.length > 0) throw new NotListed(missing)
      }
      const notYet = (error: unknown): string | undefined =>
        error instanceof NotListed ? 'not all have replicated yet' : undefined
      await retryWhile(once, notYet, 'The new eligible assignments', session, 9)
    },
    end: (eligibility) => {
      const what = `Ending an eligible assignment on '${lastSegment(eligibility.scope)}'`
      const tooYoung = (error: unknown): string | undefined =>
        hasCode(error, 'ActiveDurationTooShort') ? 'it is not five minutes old' : undefined
      return explaining(what, async () => {
        try {
          const once = () => request(eligibility, { requestType: 'AdminRemove' }, what)
          await retryWhile(once, tooYoung, what, session, { minutes: 6 })
        } catch (error) {
          if (!hasCode(error, 'RoleAssignmentDoesNotExist')) throw error
        }
      })
    },
  }
}
