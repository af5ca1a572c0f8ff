import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { UserError } from '../../diagnostics/user-error.ts'
import { isLogin } from '../../request/existing-projects.ts'
import type { OperationContext } from '../operation.ts'

/** The issue that requests a project. */
export interface Issue {
  readonly body: string
  readonly number: number
  readonly author: string
}

/** What the inputs say of the issue; what is undefined comes from the event that started the run. */
export interface IssueOptions {
  readonly issueBody: string | undefined
  readonly issueNumber: number | undefined
  readonly issueAuthor: string | undefined
}

const eventSchema = z.object({
  issue: z.object({
    body: z.string().nullable(),
    number: z.int().positive(),
    user: z.object({ login: z.string().refine(isLogin) }),
  }),
})

/** The issue: what the inputs say of it, and the rest from the event that started the workflow. */
export function readIssue(inputs: IssueOptions, context: OperationContext): Issue {
  const { issueBody, issueNumber, issueAuthor } = inputs
  if (issueBody !== undefined && issueNumber !== undefined && issueAuthor !== undefined) {
    return { body: issueBody, number: issueNumber, author: issueAuthor }
  }
  const event = readEvent(context)
  return {
    body: issueBody ?? event.body ?? '',
    number: issueNumber ?? event.number,
    author: issueAuthor ?? event.user.login,
  }
}

function readEvent({ environment }: OperationContext): z.infer<typeof eventSchema>['issue'] {
  const file = environment['GITHUB_EVENT_PATH']
  const parsed = eventSchema.safeParse(file === undefined ? undefined : readJson(file))
  if (parsed.success) return parsed.data.issue
  throw new UserError({
    what: "Input 'issue-body', 'issue-number' or 'issue-author' is missing, and the workflow was not started by an issue.",
    fix: "Start the workflow with 'on: issues', or pass all three inputs.",
  })
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    // What is not there, or not JSON, is no event; the caller says so without the text, which may hold anything.
    return undefined
  }
}
