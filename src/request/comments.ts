import { enumeration } from '../diagnostics/enumeration.ts'
import { codeSpan, printable } from '../diagnostics/escape.ts'
import type { Fault } from '../diagnostics/fault.ts'
import { environmentChoices, optionFor, projectTypeChoices, serviceChoices } from './choices.ts'
import type { Form, RequestFieldId } from './form.ts'
import type { RequestValues } from './parse-issue.ts'
import type { RequestOutcome } from './request-to-manifest.ts'

/**
 * The answers to an issue, in Markdown. Whatever the requester wrote is in code spans: it cannot mention anybody, link
 * anywhere or hide anything.
 */

/** All that keeps a request from being accepted. */
export function refusalComment(faults: readonly Fault[]): string {
  const items = faults.map(({ key, what, found, fix = '' }) => {
    const field = key === undefined ? '' : `**${key}**: `
    const quotation = found === undefined ? '' : ` Found: ${codeSpan(found)}.`
    return `- ${field}${what}${quotation} ${fix}`.trimEnd()
  })
  const count = faults.length === 1 ? 'One fault has' : `${faults.length} faults have`
  return [
    '### This request cannot be accepted yet',
    `${count} to be corrected:`,
    items.join('\n'),
    'Edit the issue to correct it, and leave the headings as they are. Nothing was created.',
  ].join('\n\n')
}

/** Why somebody may not request a project. */
export const unauthorisedComment = (permission: string, minimum: string): string =>
  [
    '### This request cannot be accepted',
    `Requesting a project needs the permission **${minimum}** in this repository. You have **${permission}**. Please ask the team that runs this AI Factory.`,
  ].join('\n\n')

/** The text was changed after it was approved. */
export const editedComment = (hash: string): string =>
  [
    '### The request was changed after it was approved',
    `Another text was approved, so nothing was created. The text as it is now has the hash ${codeSpan(hash)} and has to be approved again.`,
  ].join('\n\n')

/** What a request comes to: what was understood, and what becomes of it. */
export function acceptanceComment(
  form: Form<RequestFieldId>,
  values: RequestValues,
  outcome: Exclude<RequestOutcome, { kind: 'refused' }>,
  hash: string,
): string {
  const number = outcome.kind === 'new' ? outcome.number : outcome.project.number
  const title = `### Project ${number}: ${codeSpan(values.name)}`
  const fingerprint = `This answer is for the request with the hash ${codeSpan(hash)}.`
  if (outcome.kind === 'done') return [title, doneSentence(outcome), fingerprint].join('\n\n')
  return [
    title,
    'This is how your request was understood:',
    understood(form, values),
    ...unknownServices(values),
    `The project is described in ${codeSpan(outcome.file)}. From then on that file is the source of truth; editing this issue no longer changes anything.`,
    fingerprint,
  ].join('\n\n')
}

const doneSentence = ({ project, same }: Extract<RequestOutcome, { kind: 'done' }>): string =>
  same
    ? `${codeSpan(project.file)} was already created from this issue. There is nothing to do.`
    : `${codeSpan(project.file)} was already created from this issue, and the two no longer match. The file is the source of truth: to change the project, change the file.`

/** An issue may have thousands of boxes, and a comment on GitHub has at most 65,536 characters. */
const mostUnknownServices = 20

/** What was ticked and is left out, as a paragraph: nobody should wait for it. */
function unknownServices({ unknownServices: texts }: RequestValues): readonly string[] {
  if (texts.length === 0) return []
  const names = enumeration(
    texts.map((text) => codeSpan(printable(text))),
    mostUnknownServices,
  )
  return [
    `Left out, because this release does not know it: ${names}. The issue form may be newer or older than the actions; ask the team that runs this AI Factory.`,
  ]
}

/** The fields of the form with what was read from them. */
function understood(form: Form<RequestFieldId>, values: RequestValues): string {
  const spans = (texts: readonly string[]): string => texts.map((text) => codeSpan(text)).join(', ')
  const shown: Readonly<Record<RequestFieldId, string>> = {
    name: codeSpan(values.name),
    type: optionFor(projectTypeChoices, values.type),
    description: codeSpan(values.description),
    owner: codeSpan(values.owner),
    'cost-center': codeSpan(values.costCenter),
    repository: values.repository === undefined ? '' : codeSpan(values.repository),
    environments: values.environments.map((key) => optionFor(environmentChoices, key)).join(', '),
    services: values.services.map((key) => optionFor(serviceChoices(), key)).join(', '),
    'team-lead': spans(values.teamLead),
    'team-members': spans(values.teamMembers),
  }
  return form.fields
    .map(({ id, label }) => `- **${label}**: ${shown[id] === '' ? '–' : shown[id]}`)
    .join('\n')
}
