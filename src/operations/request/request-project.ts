import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../diagnostics/user-error.ts'
import { documentOf, loadFactory } from '../../manifest/load.ts'
import type { Report } from '../../plan/report.ts'
import { hashRequest, type Permission } from '../../request/authorise.ts'
import { type ExistingProject, readExisting } from '../../request/existing-projects.ts'
import { parseForm } from '../../request/form.ts'
import { parseIssue } from '../../request/parse-issue.ts'
import { requestToManifest } from '../../request/request-to-manifest.ts'
import { namesIn, readDocument } from '../documents.ts'
import type { OperationContext } from '../operation.ts'
import { type AskPermission, askGitHub } from './author-permission.ts'
import { type IssueOptions, readIssue } from './issue.ts'
import { refuseAuthor, refuseEdited, requestRefusal } from './refusals.ts'
import { type Accepted, reportRequest } from './request-report.ts'

/** What {@link requestProject} is asked to do. */
export interface RequestOptions extends IssueOptions {
  readonly mode: 'plan' | 'apply'
  readonly formFile: string
  readonly factoryFile: string
  readonly projectsDirectory: string
  /** Numbers of projects whose manifests have been deleted, three digits each. */
  readonly takenNumbers: readonly string[]
  /** SHA-256 in lower-case hexadecimal. */
  readonly expectedHash: string | undefined
  readonly minimumPermission: Permission
  readonly token: string | undefined
}

/** Turns an issue into the manifest of a project. */
export async function requestProject(
  options: RequestOptions,
  context: OperationContext,
  connect: (token: string) => Promise<AskPermission> = askGitHub,
): Promise<Report> {
  const issue = readIssue(options, context)
  const hash = hashRequest(issue.body)
  if (options.token === undefined)
    context.info("The author's permission is not checked, because there is no 'token'.")
  else await refuseAuthor({ issue, hash }, options.minimumPermission, await connect(options.token), context)
  refuseEdited(hash, options.expectedHash)

  const form = parseForm(readDocument(options.formFile, 'form-file'), options.formFile)
  const { factoryFile, takenNumbers } = options
  const factory = documentOf(loadFactory(readDocument(factoryFile, 'factory-file'), factoryFile))
  const parsed = parseIssue(form, issue.body)
  if (!parsed.ok) throw requestRefusal(parsed.faults, hash)
  const existing = readExistingProjects(options.projectsDirectory)
  const fileOf = (number: string): string => path.posix.join(options.projectsDirectory, `prj${number}.yml`)
  const facts = { form, factory, existing, formerNumbers: takenNumbers, issue, fileOf }
  const outcome = requestToManifest(parsed.values, facts)
  if (outcome.kind === 'refused') throw requestRefusal(outcome.faults, hash)

  if (outcome.kind === 'new' && options.mode === 'apply') writeManifest(outcome)
  const { action } = context
  return reportRequest(outcome, { ...facts, values: parsed.values, hash, action, mode: options.mode })
}

function readExistingProjects(directory: string): readonly ExistingProject[] {
  return namesIn(directory).flatMap((name) => {
    if (!/^prj\d{3}\.ya?ml$/.test(name)) return []
    const file = path.posix.join(directory, name)
    return readExisting(file, readDocument(file, 'projects-directory')) ?? []
  })
}

function writeManifest({ file, text }: Extract<Accepted, { kind: 'new' }>): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    // Never over a file that has appeared since the folder was read.
    writeFileSync(file, text, { flag: 'wx' })
  } catch (cause) {
    throw new UserError({
      what: `The manifest ${file} cannot be written.`,
      why: 'Another request has taken the number in the meantime, or the folder cannot be written to.',
      fix: 'Run the job again: it takes the next free number.',
      cause,
    })
  }
}
