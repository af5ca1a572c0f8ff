import { z } from 'zod'
import { UserError } from '../diagnostics/user-error.ts'
import { isWithin, lastSegment, normalId, sameText } from '../resource-id.ts'
import { sameCondition } from '../role-condition.ts'
import { openArm } from './arm.ts'
import { explaining } from './errors.ts'
import { hasCode, isForbidden, isMissing, UnexpectedResponse } from './failure.ts'
import { retryWhile } from './retry.ts'
import type { Session } from './session.ts'
import { writtenCondition } from './written-condition.ts'

/** A role assignment as it is in Azure. */
export interface ExistingAssignment {
  readonly id: string
  readonly scope: string
  readonly principalId: string
  /** E.g. `User`, `Group`, `ServicePrincipal`; empty when Azure does not say. */
  readonly principalType: string
  /** The last segment of the role definition's id: a GUID. */
  readonly roleDefinitionId: string
  /** What whoever assigned it wrote on it; empty when nothing. */
  readonly description: string
  /** The expression that limits what it grants; empty when nothing does. */
  readonly condition: string
}

/** A role assignment to create. */
export interface NewAssignment {
  /** A GUID. */
  readonly name: string
  readonly scope: string
  readonly principalId: string
  readonly principalType: 'Group' | 'ServicePrincipal' | 'User'
  readonly roleDefinitionId: string
  readonly description: string
  /**
   * The expression that limits what it grants; empty when nothing does.
   * https://learn.microsoft.com/azure/role-based-access-control/conditions-format
   */
  readonly condition: string
}

/** Azure's role assignments. Their identity is the tuple (scope, principal, role). */
export interface RoleAssignments {
  /** All assignments at exactly this scope and below it; those of parent scopes are left out. */
  readonly listWithin: (scope: string) => Promise<readonly ExistingAssignment[]>
  /** Likewise, with those of parent scopes, which hold here too. One request. */
  readonly listAround: (scope: string) => Promise<readonly ExistingAssignment[]>
  /**
   * Creates an assignment. One that exists under another name counts as done; of one that exists under this name only the
   * condition and the description can become others. A principal that is not known everywhere yet is waited for.
   * https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
   */
  readonly create: (assignment: NewAssignment) => Promise<void>
  /**
   * Makes sure that Azure lists all that were created through here, and waits for those that are not known everywhere.
   * @param scopes that most of them are within, so that few lists have to be read
   */
  readonly confirm: (scopes: readonly string[]) => Promise<void>
  readonly remove: (id: string) => Promise<void>
}

const apiVersion = '2022-04-01'
const assignments = 'providers/Microsoft.Authorization/roleAssignments'

const assignmentSchema = z
  .object({
    id: z.string(),
    properties: z.object({
      scope: z.string(),
      principalId: z.string(),
      principalType: z.string().nullish(),
      roleDefinitionId: z.string(),
      description: z.string().nullish(),
      condition: z.string().nullish(),
    }),
  })
  .transform(
    ({
      id,
      properties: { description, condition, roleDefinitionId, principalType, ...rest },
    }): ExistingAssignment => ({
      id,
      ...rest,
      roleDefinitionId: lastSegment(roleDefinitionId),
      description: description ?? '',
      condition: condition ?? '',
      principalType: principalType ?? '',
    }),
  )

const isSame = (wanted: NewAssignment, other: ExistingAssignment): boolean =>
  normalId(wanted.scope) === normalId(other.scope) &&
  sameText(wanted.principalId, other.principalId) &&
  sameText(wanted.roleDefinitionId, other.roleDefinitionId) &&
  sameCondition(wanted.condition, other.condition)

/** Azure said that it created them, and does not list them. */
class NotListed extends UserError {
  constructor(missing: readonly NewAssignment[]) {
    const places = missing.map(({ scope, principalId }) => `${principalId} on '${lastSegment(scope)}'`)
    super({
      what: `Azure does not list role assignments that it created: ${places.join(', ')}.`,
      why: 'They have not replicated yet, or somebody has removed or changed them.',
      fix: 'Run the job again in some minutes.',
    })
  }
}

/** Opens the role assignments of a subscription. */
export async function openRoleAssignments(
  session: Session,
  subscriptionId: string,
): Promise<RoleAssignments> {
  const arm = await openArm(session)

  const isMissingNow = async (id: string): Promise<boolean> => {
    try {
      await arm.get({ path: id, apiVersion }, z.unknown())
      return false
    } catch (error) {
      return isMissing(error)
    }
  }

  const createOnce = async (assignment: NewAssignment, what: string): Promise<void> => {
    const { name, scope, roleDefinitionId, condition, ...rest } = assignment
    const definition = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitionId}`
    const answer = await arm.put(
      {
        path: `${scope}/${assignments}/${name}`,
        apiVersion,
        body: {
          properties: {
            ...rest,
            roleDefinitionId: definition,
            ...writtenCondition(condition),
          },
        },
        waitingFor: what,
      },
      assignmentSchema,
    )
    if (!isSame(assignment, answer)) throw new UnexpectedResponse('it is another role assignment')
  }

  const listAround = (scope: string): Promise<readonly ExistingAssignment[]> =>
    explaining(`Listing the role assignments of '${lastSegment(scope)}'`, async () => {
      try {
        return await arm.list({ path: `${scope}/${assignments}`, apiVersion }, assignmentSchema)
      } catch (error) {
        if (hasCode(error, 'ResourceGroupNotFound', 'ResourceNotFound')) return []
        throw error
      }
    })
  const listWithin = async (scope: string): Promise<readonly ExistingAssignment[]> =>
    (await listAround(scope)).filter((assignment) => isWithin(assignment.scope, scope))

  const created: NewAssignment[] = []
  const unlisted = async (scopes: readonly string[]): Promise<readonly NewAssignment[]> => {
    const listed = (await Promise.all(scopes.map(listWithin))).flat()
    return created.filter((one) => !listed.some((other) => isSame(one, other)))
  }

  return {
    listWithin,
    listAround,
    create: (assignment) => {
      const what = `Assigning a role on '${lastSegment(assignment.scope)}'`
      const unknown = (error: unknown): string | undefined =>
        hasCode(error, 'PrincipalNotFound') ? 'the principal has not replicated yet' : undefined
      return explaining(what, async () => {
        try {
          await retryWhile(() => createOnce(assignment, what), unknown, what, session)
        } catch (error) {
          if (!hasCode(error, 'RoleAssignmentExists')) throw error
        }
        created.push(assignment)
      })
    },
    confirm: async (scopes) => {
      const outside = created.filter(({ scope }) => !scopes.some((outer) => isWithin(scope, outer)))
      const lists = [...new Set([...scopes, ...outside.map(({ scope }) => scope)])]
      const once = async (): Promise<void> => {
        const missing = created.length === 0 ? [] : await unlisted(lists)
        if (missing.length > 0) throw new NotListed(missing)
      }
      const notYet = (error: unknown): string | undefined =>
        error instanceof NotListed ? 'not all have replicated yet' : undefined
      await retryWhile(once, notYet, 'The new role assignments', session, 9)
    },
    remove: (id) =>
      explaining('Removing a role assignment', async () => {
        try {
          await arm.delete({ path: id, apiVersion, waitingFor: 'the removal of a role assignment' })
        } catch (error) {
          if (isMissing(error)) return
          // A condition on what may be removed is not fulfilled by what is not there, as an assignment that went with its scope.
          const isGone = isForbidden(error) && (await isMissingNow(id))
          if (!isGone) throw error
        }
      }),
  }
}
