import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describeFault, type Fault } from '../../diagnostics/fault.ts'
import { UserError, type UserErrorParts } from '../../diagnostics/user-error.ts'
import { documentOf, type FactoryManifest, loadFactory, loadProject } from '../../manifest/load.ts'
import { deliveredEnvironments } from '../../manifest/project-rules.ts'
import { documentWarnings } from '../../manifest/warnings.ts'
import type { Plan } from '../../plan/model.ts'
import { planSummary } from '../../plan/summary.ts'
import { authorise, hashRequest, type Permission } from '../../request/authorise.ts'
import {
  acceptanceComment,
  editedComment,
  refusalComment,
  unauthorisedComment,
} from '../../request/comments.ts'
import { type ExistingProject, readExisting } from '../../request/existing-projects.ts'
import { parseForm } from '../../request/form.ts'
import { parseIssue } from '../../request/parse-issue.ts'
import { type RequestOutcome, requestToManifest } from '../../request/request-to-manifest.ts'
import type { Host } from '../../runtime/host.ts'
import { writePlan } from '../../runtime/result-files.ts'
import { type ActionResult, FailureWithResult } from '../../runtime/run-action.ts'
import { namesIn, readDocument } from '../documents.ts'
import { type AskPermission, askGitHub, readPermission } from './author-permission.ts'
import { type Issue, type IssueOptions, readIssue } from './issue.ts'

/** What {@link requestProject} is asked to do. */
export interface RequestOptions extends IssueOptions {
  readonly mode: 'plan' | 'apply'
  readonly formFile: string
  readonly factoryFile: string
  readonly projectsDirectory: string
  /** Numbers that projects had whose manifests are gone, three digits each. */
  readonly takenNumbers: readonly string[]
  /** SHA-256 in lower-case hexadecimal. */
  readonly expectedHash: string | undefined
  readonly minimumPermission: Permission
  readonly token: string | undefined
  readonly summary: boolean
}

type Accepted = Exclude<RequestOutcome, { kind: 'refused' }>

/** Reads the issue, and turns it into a manifest in mode `apply`. */
export async function requestProject(
  inputs: RequestOptions,
  host: Host,
  connect: (token: string) => Promise<AskPermission> = askGitHub,
): Promise<ActionResult> {
  const issue = readIssue(inputs, host)
  const hash = hashRequest(issue.body)
  if (inputs.token === undefined) host.info("Who asked is not checked, because there is no 'token'.")
  else await checkAuthor(issue, hash, inputs, host, await connect(inputs.token))
  checkApproval(hash, inputs)

  const form = parseForm(readDocument(inputs.formFile, 'form-file'), inputs.formFile)
  const factory = documentOf(
    loadFactory(readDocument(inputs.factoryFile, 'factory-file'), inputs.factoryFile),
  )
  const parsed = parseIssue(form, issue.body)
  if (!parsed.ok) throw refusal(parsed.faults, hash)
  const existing = readExistingProjects(inputs.projectsDirectory)
  const fileOf = (number: string): string => path.posix.join(inputs.projectsDirectory, `prj${number}.yml`)
  const outcome = requestToManifest(parsed.values, {
    form,
    factory,
    existing,
    formerNumbers: inputs.takenNumbers,
    issue,
    fileOf,
  })
  if (outcome.kind === 'refused') throw refusal(outcome.faults, hash)

  if (outcome.kind === 'new' && inputs.mode === 'apply') writeManifest(outcome)
  return report(outcome, {
    comment: acceptanceComment(form, parsed.values, outcome, hash),
    hash,
    factory,
    existing,
    inputs,
    host,
  })
}

/** A refusal that still answers the issue. */
const refuse = (error: UserErrorParts, comment: string, hash: string): FailureWithResult =>
  new FailureWithResult(new UserError(error), {
    outputs: { comment, changed: 'false', 'request-hash': hash },
  })

const refusal = (faults: readonly Fault[], hash: string): FailureWithResult =>
  refuse(
    {
      what: `The request has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}.`,
      why: faults.map(describeFault).join(' '),
      fix: 'Edit the issue. Nothing was made.',
    },
    refusalComment(faults),
    hash,
  )

async function checkAuthor(
  { author }: Issue,
  hash: string,
  { minimumPermission: minimum }: RequestOptions,
  host: Host,
  ask: AskPermission,
): Promise<void> {
  const result = authorise(await readPermission(ask, author, host), { minimum })
  if (result.allowed) return
  throw refuse(
    {
      what: `@${author} may not ask for a project.`,
      why: `That needs the permission '${minimum}' in this repository; '${result.permission}' is what they have.`,
      fix: "Give them the permission, or lower 'minimum-permission'.",
    },
    unauthorisedComment(result.permission, minimum),
    hash,
  )
}

function checkApproval(hash: string, { expectedHash }: RequestOptions): void {
  if (expectedHash === undefined || expectedHash === hash) return
  throw refuse(
    {
      what: 'The request was changed after it was approved.',
      why: `The approval was for the text with the fingerprint ${expectedHash}; now it is ${hash}.`,
      fix: 'Look at the request again, and approve it as it is now.',
    },
    editedComment(hash),
    hash,
  )
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
      fix: 'Run the job again: it looks for the next free number.',
      cause,
    })
  }
}

interface Reported {
  readonly comment: string
  readonly hash: string
  readonly factory: FactoryManifest
  readonly existing: readonly ExistingProject[]
  readonly inputs: RequestOptions
  readonly host: Host
}

function report(
  outcome: Accepted,
  { comment, hash, factory, existing, inputs, host }: Reported,
): ActionResult {
  const manifest = outcome.kind === 'new' ? outcome : outcome.project
  const project = documentOf(loadProject(manifest.text, manifest.file, factory))
  const { document } = project
  const delivered = deliveredEnvironments(document, factory.document)
  const isNew = outcome.kind === 'new'
  const done = isNew && inputs.mode === 'apply'
  const plan: Plan = {
    version: 1,
    action: 'project-request',
    project: manifest.number,
    changes: [{ change: isNew ? 'create' : 'keep', kind: 'project manifest', name: manifest.file }],
    warnings: [
      ...warningsOf(outcome, existing),
      ...new Set(delivered.flatMap((environment) => documentWarnings(factory, project, environment))),
    ],
  }
  const title = `Project ${manifest.number} (${document.name})`
  return {
    outputs: {
      project: manifest.number,
      'manifest-file': manifest.file,
      changed: String(isNew),
      'plan-file': writePlan(host.environment, plan),
      'request-hash': hash,
      comment,
      environments: JSON.stringify(delivered),
    },
    ...(inputs.summary ? { summary: planSummary(`${title}: request`, plan, done, comment) } : {}),
    warnings: plan.warnings,
    notice: `${title}: ${isNew ? `${manifest.file} ${done ? 'was written' : 'would be written'}` : 'this issue has been turned into it before, nothing to change'}.`,
  }
}

function warningsOf(outcome: Accepted, existing: readonly ExistingProject[]): readonly string[] {
  const unreadable = existing.filter(({ name }) => name === undefined).map(({ file }) => file)
  return [
    ...(outcome.kind === 'done' && !outcome.same
      ? [`The issue and ${outcome.project.file} no longer say the same. The file is the truth.`]
      : []),
    ...(unreadable.length === 0
      ? []
      : [`The names in ${unreadable.join(', ')} cannot be read, so the new name may be one of them.`]),
  ]
}
