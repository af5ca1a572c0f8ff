import { Document } from 'yaml'
import { serviceKeys, subnetKeys } from '../catalog/index.ts'
import { productKeys } from '../catalog/personas.ts'
import { environments } from '../vocabulary.ts'
import type { ProjectDocument } from './project-schema.ts'

/** Where editors find the schema, seen from `aifactory/projects/`. */
const schemaComment = ' yaml-language-server: $schema=../../schemas/project.schema.json'

/** The documented order of the keys, at every depth; keys not listed follow in their own order. */
const keyOrder: readonly string[] = [
  'version',
  'project',
  'name',
  'type',
  'description',
  'owner',
  'costCenter',
  'repository',
  'services',
  'environments',
  'network',
  'team',
  ...serviceKeys,
  ...environments,
  'subnets',
  ...subnetKeys,
  ...productKeys('project'),
]

/** Writes a project manifest as YAML. Reading it again gives the same document, whatever its texts contain. */
export function renderProject(document: ProjectDocument): string {
  const yaml = new Document(ordered(document))
  yaml.commentBefore = schemaComment
  return yaml.toString({ lineWidth: 0, directives: false }).replace(/^(#[^\n]*\n)\n/, '$1')
}

/** The same value with the keys of its objects in the documented order, and without absent ones. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  const position = (key: string): number => {
    const index = keyOrder.indexOf(key)
    return index === -1 ? keyOrder.length : index
  }
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .toSorted(([a], [b]) => position(a) - position(b))
  return new Map(entries.map(([key, item]) => [key, ordered(item)]))
}
