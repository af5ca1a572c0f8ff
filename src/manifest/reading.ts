import { quoted } from '../diagnostics/escape.ts'
import type { DocumentFault, FaultParts, Path } from '../diagnostics/fault.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import type { YamlDocument } from './yaml-document.ts'

/**
 * Rules between keys are checked on what was written, even when other parts of the document are wrong, so that a
 * person sees every fault at once. These functions read such a document: what has the wrong type counts as absent.
 */

/** The value at a path, `undefined` when it is absent. */
export function valueAt(value: unknown, path: Path): unknown {
  let current = value
  for (const step of path) {
    if (Array.isArray(current)) current = current[Number(step)]
    else if (isJsonObject(current) && Object.hasOwn(current, step)) current = current[step]
    else return undefined
  }
  return current
}

/** The object at a path; empty when there is none. */
export function objectAt(value: unknown, path: Path): JsonObject {
  const found = valueAt(value, path)
  return isJsonObject(found) ? found : {}
}

/** The text at a path. */
export function textAt(value: unknown, path: Path): string | undefined {
  const found = valueAt(value, path)
  return typeof found === 'string' ? found : undefined
}

/** The texts of the list at a path, each with its own path. */
export function textsAt(
  value: unknown,
  path: Path,
): readonly { readonly path: Path; readonly text: string }[] {
  const found = valueAt(value, path)
  if (!Array.isArray(found)) return []
  return found.flatMap((text: unknown, index) =>
    typeof text === 'string' ? [{ path: [...path, index], text }] : [],
  )
}

/** The keys of the object at a path that belong to a vocabulary. */
export function keysAt<Key extends string>(
  value: unknown,
  path: Path,
  vocabulary: readonly Key[],
): readonly Key[] {
  const found = objectAt(value, path)
  return vocabulary.filter((key) => Object.hasOwn(found, key))
}

/** A rule between keys that a document breaks. */
export const brokenRule = (document: YamlDocument, path: Path, parts: FaultParts): DocumentFault =>
  document.fault('key', path, parts)

/** Faults for the texts of a list that appear in it twice; case does not count. */
export function duplicates(document: YamlDocument, path: Path): readonly DocumentFault[] {
  const seen = new Set<string>()
  return textsAt(document.value, path).flatMap(({ path: item, text }) => {
    const key = text.toLowerCase()
    if (!seen.has(key)) {
      seen.add(key)
      return []
    }
    return [
      document.fault('value', item, {
        found: `${quoted(text)} again`,
        allowed: 'each entry once',
        what: `${quoted(text)} appears twice in '${path.join('.')}'. Remove one.`,
      }),
    ]
  })
}
