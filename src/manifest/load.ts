import type * as z from 'zod'
import { type Catalogue, catalogue } from '../catalog/index.ts'
import { type DocumentFault, documentError, type Path, sortFaults } from '../diagnostics/fault.ts'
import type { Location } from '../diagnostics/user-error.ts'
import { factoryRules } from './factory-rules.ts'
import { type FactoryDocument, factorySchema } from './factory-schema.ts'
import { projectRules } from './project-rules.ts'
import { type ProjectDocument, projectSchema } from './project-schema.ts'
import { valueAt } from './reading.ts'
import { schemaFaults } from './schema-faults.ts'
import { documentVersion } from './values.ts'
import { readYaml, type YamlDocument } from './yaml-document.ts'

/** A document that can be used, or everything that is wrong with it. */
export type Loaded<T> =
  | { readonly kind: 'document'; readonly document: T }
  | { readonly kind: 'faults'; readonly faults: readonly DocumentFault[] }

/**
 * The document, when it can be used.
 * @throws UserError with every fault
 */
export function documentOf<T>(loaded: Loaded<T>): T {
  if (loaded.kind === 'faults') throw documentError(loaded.faults)
  return loaded.document
}

/** A document, where it came from, and where in it each key is. */
export interface Manifest<Document> {
  readonly document: Document
  readonly file: string
  /** The place of a key such as `network.subnets.aca2` or `team.lead.0`; of the nearest key around an absent one. */
  readonly at: (path: string) => Location
}
/** factory.yml, with the places of its keys. */
export type FactoryManifest = Manifest<FactoryDocument>
/** A project's manifest, with the places of its keys. */
export type ProjectManifest = Manifest<ProjectDocument>

/**
 * Reads factory.yml.
 * @param text the file's text
 * @param file the path to name in messages
 * @returns the factory, or every fault in it
 */
export function loadFactory(
  text: string,
  file: string,
  known: Catalogue = catalogue,
): Loaded<FactoryManifest> {
  return load(readYaml(text, file), file, factorySchema(known), factoryRules)
}

/**
 * Reads a project manifest.
 * @param text the file's text
 * @param file the path to name in messages; when it ends in `prjNNN.yml` it must agree with the project's number
 * @param factory the factory the project belongs to
 * @returns the project, or every fault in it
 */
export function loadProject(
  text: string,
  file: string,
  factory: FactoryManifest,
  known: Catalogue = catalogue,
): Loaded<ProjectManifest> {
  return load(readYaml(text, file), file, projectSchema(known), (document) =>
    projectRules(document, file, factory.document, known),
  )
}

function load<Schema extends z.ZodType>(
  yaml: YamlDocument,
  file: string,
  schema: Schema,
  rules: (document: YamlDocument) => readonly DocumentFault[],
): Loaded<Manifest<z.output<Schema>>> {
  if (yaml.faults.length > 0) return { kind: 'faults', faults: sortFaults(yaml.faults) }
  const newer = newerVersion(yaml)
  if (newer !== undefined) return { kind: 'faults', faults: [newer] }
  const parsed = schema.safeParse(yaml.value)
  const faults = [...(parsed.success ? [] : schemaFaults(schema, yaml, parsed.error.issues)), ...rules(yaml)]
  if (!parsed.success || faults.length > 0) return { kind: 'faults', faults: sortFaults(faults) }
  return {
    kind: 'document',
    document: { document: parsed.data, file, at: (path) => yaml.keyAt(toPath(path)) },
  }
}

/** A document for a newer release is not checked further: what looks unknown in it may be new. */
function newerVersion(yaml: YamlDocument): DocumentFault | undefined {
  const found = valueAt(yaml.value, ['version'])
  if (typeof found !== 'number' || !Number.isInteger(found) || found <= documentVersion) return undefined
  return yaml.fault('value', ['version'], {
    found: String(found),
    allowed: String(documentVersion),
    what: `This document is written for a newer release of the actions: its version is ${found}, and this release reads version ${documentVersion}. Update the actions, by the release behind '@' wherever workflows use them.`,
  })
}

const toPath = (dotted: string): Path => (dotted === '' ? [] : dotted.split('.'))
