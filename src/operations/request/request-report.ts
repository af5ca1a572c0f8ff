import { quoted } from '../../diagnostics/escape.ts'
import { documentOf, type FactoryManifest, loadProject } from '../../manifest/load.ts'
import { deliveredEnvironments } from '../../manifest/project-rules.ts'
import { documentWarnings } from '../../manifest/warnings.ts'
import type { Plan } from '../../plan/model.ts'
import { planReport, type Report } from '../../plan/report.ts'
import { acceptanceComment } from '../../request/comments.ts'
import type { ExistingProject } from '../../request/existing-projects.ts'
import type { Form, RequestFieldId } from '../../request/form.ts'
import type { RequestValues } from '../../request/parse-issue.ts'
import type { RequestOutcome } from '../../request/request-to-manifest.ts'

/** A request that became a manifest, now or before. */
export type Accepted = Exclude<RequestOutcome, { kind: 'refused' }>

/** What a request was read with. */
interface Facts {
  readonly form: Form<RequestFieldId>
  readonly values: RequestValues
  readonly factory: FactoryManifest
  readonly existing: readonly ExistingProject[]
  readonly hash: string
  readonly action: string
  readonly mode: 'plan' | 'apply'
}

/** Reports the manifest of a request, and answers the issue. */
export function reportRequest(outcome: Accepted, facts: Facts): Report {
  const { form, values, factory, existing, hash, action, mode } = facts
  const manifest = outcome.kind === 'new' ? outcome : outcome.project
  const project = documentOf(loadProject(manifest.text, manifest.file, factory))
  const { document } = project
  const delivered = deliveredEnvironments(document, factory.document)
  const isNew = outcome.kind === 'new'
  const plan: Plan = {
    version: 1,
    action,
    project: manifest.number,
    changes: [{ change: isNew ? 'create' : 'keep', kind: 'project manifest', name: manifest.file }],
    warnings: [
      ...warningsOf(outcome, existing),
      ...values.unknownServices.map(unknownService),
      ...new Set(delivered.flatMap((environment) => documentWarnings(factory, project, environment))),
    ],
  }
  const comment = acceptanceComment(form, values, outcome, hash)
  const title = `Project ${manifest.number} (${document.name})`
  const written = mode === 'apply' ? 'was written' : 'would be written'
  return {
    ...planReport({
      title: `${title}: request`,
      plan,
      outcome: mode === 'apply' ? 'applied' : 'planned',
      details: comment,
      outputs: {
        project: manifest.number,
        'manifest-file': manifest.file,
        'request-hash': hash,
        comment,
        environments: JSON.stringify(delivered),
      },
    }),
    notice: `${title}: ${isNew ? `${manifest.file} ${written}` : 'it was created from this issue before, no changes'}.`,
  }
}

const unknownService = (label: string): string =>
  `The service ${quoted(label)} of the issue is left out, because this release does not know it. The issue form may be of another release.`

function warningsOf(outcome: Accepted, existing: readonly ExistingProject[]): readonly string[] {
  const unreadable = existing.filter(({ name }) => name === undefined).map(({ file }) => file)
  return [
    ...(outcome.kind === 'done' && !outcome.same
      ? [`The issue and ${outcome.project.file} no longer match. The file is the source of truth.`]
      : []),
    ...(unreadable.length === 0
      ? []
      : [`The names in ${unreadable.join(', ')} cannot be read, so the new name may be one of them.`]),
  ]
}
