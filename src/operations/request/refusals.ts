import { describeFault, type Fault } from '../../diagnostics/fault.ts'
import { UserError, type UserErrorParts } from '../../diagnostics/user-error.ts'
import { FailureWithReport } from '../../plan/report.ts'
import { authorise, type Permission } from '../../request/authorise.ts'
import { editedComment, refusalComment, unauthorisedComment } from '../../request/comments.ts'
import type { OperationContext } from '../operation.ts'
import { type AskPermission, readPermission } from './author-permission.ts'
import type { Issue } from './issue.ts'

/** A refusal that still answers the issue. */
const refusal = (error: UserErrorParts, comment: string, hash: string): FailureWithReport =>
  new FailureWithReport(new UserError(error), {
    outcome: 'refused',
    outputs: { comment, 'request-hash': hash },
  })

/** The refusal of a request with faults. */
export const requestRefusal = (faults: readonly Fault[], hash: string): FailureWithReport =>
  refusal(
    {
      what: `The request has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}.`,
      why: faults.map(describeFault).join(' '),
      faults: faults.map(({ fix, ...fault }) => ({
        what: describeFault(fault),
        ...(fix !== undefined && { fix }),
      })),
      fix: 'Edit the issue. Nothing was created.',
    },
    refusalComment(faults),
    hash,
  )

/** Refuses an author who may not request a project. */
export async function refuseAuthor(
  { issue: { author }, hash }: { readonly issue: Issue; readonly hash: string },
  minimum: Permission,
  ask: AskPermission,
  context: OperationContext,
): Promise<void> {
  const result = authorise(await readPermission(ask, author, context), { minimum })
  if (result.allowed) return
  throw refusal(
    {
      what: `@${author} may not request a project.`,
      why: `That needs the permission '${minimum}' in this repository; '${result.permission}' is what they have.`,
      fix: "Grant them the permission, or lower 'minimum-permission'.",
    },
    unauthorisedComment(result.permission, minimum),
    hash,
  )
}

/** Refuses a request whose text is not the one that was approved. */
export function refuseEdited(hash: string, expectedHash: string | undefined): void {
  if (expectedHash === undefined || expectedHash === hash) return
  throw refusal(
    {
      what: 'The request was changed after it was approved.',
      why: `The text that was approved has the hash ${expectedHash}; the text now has ${hash}.`,
      fix: 'Review the request again, and approve it as it is now.',
    },
    editedComment(hash),
    hash,
  )
}
