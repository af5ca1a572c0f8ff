import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type Catalogue, catalogue } from '../../src/catalog/index.ts'
import {
  documentOf,
  type FactoryManifest,
  type Loaded,
  loadFactory,
  loadProject,
  type ProjectManifest,
} from '../../src/manifest/load.ts'

const folder = path.join(import.meta.dirname, '../../workflows-templates/aifactory')

/** The text of one of the documents a bootstrap repository starts from. */
export const exampleText = (name: string): string => readFileSync(path.join(folder, name), 'utf8')

/** The factory a bootstrap repository starts from, after a change to its text. */
export const exampleFactory = (change: (text: string) => string = (text) => text): FactoryManifest =>
  documentOf(loadFactory(change(exampleText('factory.yml')), 'aifactory/factory.yml'))

/** A project of that factory. */
export const project = (text: string, factory = exampleFactory(), known?: Catalogue): ProjectManifest =>
  documentOf(loadProject(text, 'project.yml', factory, known))

/** The smallest project there is. */
export const smallest = [
  'version: 1',
  'project: "007"',
  'name: small',
  'type: genai-1',
  'owner: anna@contoso.example',
  '',
].join('\n')

/** The faults of a document as a person reads them: place and sentence. */
export function transcript(loaded: Loaded<unknown>): readonly string[] {
  if (loaded.kind === 'document') return []
  return loaded.faults.map(({ where, what }) => `${where.line}:${where.column} ${what}`)
}

/** A catalogue in which Foundry cannot do without Search. */
export const strictCatalogue: Catalogue = {
  ...catalogue,
  services: { ...catalogue.services, aiFoundry: { ...catalogue.services.aiFoundry, requires: ['aiSearch'] } },
}
