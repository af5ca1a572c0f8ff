import path from 'node:path'
import { UserError } from '../../diagnostics/user-error.ts'
import { isJsonObject, type Json } from '../../json.ts'
import { documentOf, loadFactory, loadProject } from '../../manifest/load.ts'
import { resolveFactory, resolveProject } from '../../manifest/resolve.ts'
import type { PropertyChange } from '../../plan/model.ts'
import { type FactoryTarget, projectFile } from '../project.ts'

/** A project in one environment; the common area without a project. */
interface IntentTarget extends FactoryTarget {
  readonly project?: string | undefined
}

/** The texts of the two documents; undefined for what is not there, or not asked for. */
export interface DocumentTexts {
  readonly factory: string | undefined
  readonly project: string | undefined
}

/** What the documents ask for in one environment. */
export type Intent =
  | { readonly kind: 'resolved'; readonly resolved: Json; readonly does: string }
  /** One of the two documents is not there. */
  | { readonly kind: 'absent' }
  /** They have faults, or the project is not delivered to the environment, or the factory lacks it. */
  | { readonly kind: 'unusable'; readonly reason: string }

/** Where the documents are in the repository; no project for the common area. */
export interface DocumentPaths {
  readonly factory: string
  readonly project: string | undefined
}

/** The places of the two documents in the repository, if they are in it at all. */
export function documentPaths(
  { factoryFile, project }: IntentTarget,
  workspace: string,
): DocumentPaths | undefined {
  const within = (file: string): string =>
    path.relative(workspace, path.resolve(workspace, file)).replaceAll(path.sep, '/')
  const paths = {
    factory: within(factoryFile),
    project: project === undefined ? undefined : within(projectFile(factoryFile, project)),
  }
  return /^(?:\.\.(?:\/|$)|\/|[A-Za-z]:)/.test(paths.factory) ? undefined : paths
}

/** Decides everything in the documents, as every action does with those that were checked out. */
export function intentOf(texts: DocumentTexts, target: IntentTarget): Intent {
  if (texts.factory === undefined || (target.project !== undefined && texts.project === undefined))
    return { kind: 'absent' }
  try {
    const resolved = resolvedFrom(texts.factory, texts.project, target)
    // The places in the documents are functions, which JSON leaves out.
    const does = target.project === undefined ? 'has the environment' : 'delivers the project'
    return { kind: 'resolved', resolved: JSON.parse(JSON.stringify(resolved)), does }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { kind: 'unusable', reason: error.parts.what }
  }
}

function resolvedFrom(
  factoryText: string,
  projectText: string | undefined,
  { factoryFile, project, environment }: IntentTarget,
) {
  const factory = documentOf(loadFactory(factoryText, factoryFile))
  if (project === undefined || projectText === undefined) return resolveFactory(factory, environment)
  const manifest = documentOf(loadProject(projectText, projectFile(factoryFile, project), factory))
  return resolveProject(factory, manifest, environment)
}

/** What differs between two intents: nothing when they ask for the same. */
export function differences(before: Intent, after: Intent): readonly PropertyChange[] {
  if (before.kind === 'resolved' && after.kind === 'resolved') {
    return differencesIn(before.resolved, after.resolved, [])
  }
  const [old, latest] = [inWords(before), inWords(after)]
  return old === latest ? [] : [{ path: 'manifest', before: old, after: latest }]
}

function inWords(intent: Intent): string {
  switch (intent.kind) {
    case 'resolved':
      return intent.does
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
