import type { z } from 'zod'
import { UserError } from '../../diagnostics/user-error.ts'
import { dotted, type Path } from '../../manifest/fault.ts'
import { schemaFaults } from '../../manifest/schema-faults.ts'
import { readYaml, type YamlDocument } from '../../manifest/yaml-document.ts'
import { type LineFault, refuse } from './line-faults.ts'

/** One entry of a list, as a document of its own. */
export interface Entry {
  readonly document: YamlDocument
  /** Line of the input. */
  readonly line: number
}

/**
 * The entries of a YAML or JSON list.
 * @throws UserError when it is no list, with the line of every fault of the notation
 */
export function entriesOf(input: string, text: string, fix: string): readonly Entry[] {
  const document = readYaml(text, input)
  const faults = document.faults.map(({ location, sentence }) => ({
    line: location.line,
    message: sentence,
  }))
  refuse(input, faults, fix)
  const { value } = document
  if (!Array.isArray(value)) throw new UserError({ what: `Input '${input}' is not a list.`, fix })
  return value.map((item: unknown, index) => ({
    document: entryAt(document, index, item),
    line: document.valueAt([index]).line,
  }))
}

/** An entry of its form, or all that is wrong with it. */
export type Checked<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'faults'; readonly faults: readonly LineFault[] }

/** Holds an entry against its form. */
export function checkEntry<Value>(schema: z.ZodType<Value>, { document }: Entry): Checked<Value> {
  const parsed = schema.safeParse(document.value)
  if (parsed.success) return { kind: 'value', value: parsed.data }
  const faults = schemaFaults(schema, document, parsed.error.issues)
  return {
    kind: 'faults',
    faults: faults.map(({ location, sentence }) => ({ line: location.line, message: sentence })),
  }
}

function entryAt(document: YamlDocument, index: number, value: unknown): YamlDocument {
  const within = (path: Path): Path => [index, ...path]
  return {
    title: 'The entry',
    value,
    faults: [],
    keyAt: (path) => document.keyAt(within(path)),
    valueAt: (path) => document.valueAt(within(path)),
    sourceAt: (path) => document.sourceAt(within(path)),
    fault: (place, path, parts) => ({ ...document.fault(place, within(path), parts), path: dotted(path) }),
  }
}
