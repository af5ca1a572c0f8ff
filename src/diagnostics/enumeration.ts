/** Texts as a sentence names them: so many at most, and the number of the others, e.g. `a, b and 3 more`. */
export function enumeration(texts: readonly string[], most: number): string {
  const rest = texts.length - most
  return `${texts.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
