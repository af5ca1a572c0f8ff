import type { Path } from '../diagnostics/fault.ts'
import { dotted } from '../diagnostics/fault.ts'
import type { Location } from '../diagnostics/user-error.ts'
import { isJsonObject } from '../json.ts'
import { readYaml } from './yaml-document.ts'

/** A place in a document that names somebody. */
export interface Mention {
  readonly where: Location
  /** E.g. `team.lead.0`. */
  readonly key: string
  readonly text: string
}

/**
 * Every place in a document that says one of these names and nothing else, whatever the key, so that it finds people in a
 * document that has faults too. Case does not count.
 * @returns undefined when the document cannot be read
 */
export function mentionsIn(
  text: string,
  file: string,
  names: ReadonlySet<string>,
): readonly Mention[] | undefined {
  const { value, faults, valueAt } = readYaml(text, file)
  if (faults.length > 0) return undefined
  const wanted = new Set([...names].map((name) => name.toLowerCase()))
  return textsIn(value, []).flatMap(({ path, text: found }) =>
    wanted.has(found.trim().toLowerCase()) ? [{ where: valueAt(path), key: dotted(path), text: found }] : [],
  )
}

function textsIn(value: unknown, path: Path): readonly { readonly path: Path; readonly text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => textsIn(item, [...path, index]))
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]))
}
