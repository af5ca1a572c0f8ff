import path from 'node:path'
import { UserError } from '../../diagnostics/user-error.ts'
import { isJsonObject, type Json } from '../../json.ts'
import { documentOf, loadFactory, loadProject } from '../../manifest/load.ts'
import { resolveProject } from '../../manifest/resolve.ts'
import type { PropertyChange } from '../../plan/model.ts'
import { type ProjectTarget, projectFile } from '../project.ts'

/** The texts of the two documents; undefined for what is not there. */
export interface DocumentTexts {
  readonly factory: string | undefined
  readonly project: string | undefined
}

/** What the documents ask for in one environment. */
export type Intent =
  | { readonly kind: 'project'; readonly resolved: Json }
  /** One of the two documents is not there. */
  | { readonly kind: 'absent' }
  /** They have faults, or the project is not delivered to the environment. */
  | { readonly kind: 'unusable'; readonly reason: string }

/** The places of the two documents in the repository, if they are in it at all. */
export function documentPaths(
  { factoryFile, project }: ProjectTarget,
  workspace: string,
): { readonly factory: string; readonly project: string } | undefined {
  const within = (file: string): string =>
    path.relative(workspace, path.resolve(workspace, file)).replaceAll(path.sep, '/')
  const paths = { factory: within(factoryFile), project: within(projectFile(factoryFile, project)) }
  return /^(?:\.\.(?:\/|$)|\/|[A-Za-z]:)/.test(paths.factory) ? undefined : paths
}

/** Decides everything in the documents, as every action does with those that were checked out. */
export function intentOf(texts: DocumentTexts, { factoryFile, project, environment }: ProjectTarget): Intent {
  if (texts.factory === undefined || texts.project === undefined) return { kind: 'absent' }
  try {
    const factory = documentOf(loadFactory(texts.factory, factoryFile))
    const manifest = documentOf(loadProject(texts.project, projectFile(factoryFile, project), factory))
    const resolved = resolveProject(factory, manifest, environment)
    // The places in the documents are functions, which JSON leaves out.
    return { kind: 'project', resolved: JSON.parse(JSON.stringify(resolved)) }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { kind: 'unusable', reason: error.parts.what }
  }
}

/** What differs between two intents: nothing when they ask for the same. */
export function differences(before: Intent, after: Intent): readonly PropertyChange[] {
  if (before.kind === 'project' && after.kind === 'project') {
    return differencesIn(before.resolved, after.resolved, [])
  }
  const [old, latest] = [inWords(before), inWords(after)]
  return old === latest ? [] : [{ path: 'manifest', before: old, after: latest }]
}

function inWords(intent: Intent): string {
  switch (intent.kind) {
    case 'project':
      return 'delivers the project'
    case 'absent':
      return 'is not there'
    case 'unusable':
      return intent.reason
  }
}

function differencesIn(
  before: Json | undefined,
  after: Json | undefined,
  place: readonly string[],
): readonly PropertyChange[] {
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return keys.flatMap((key) => differencesIn(before[key], after[key], [...place, key]))
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  return [
    {
      path: place.join('.'),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ]
}
