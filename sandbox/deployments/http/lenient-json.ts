/**
 * JSON as Azure Resource Manager reads it, which is more than JSON: comments, text over several lines, single quotes,
 * a comma too many, and names without quotes. The Azure CLI relies on it: it sends a template as it is in its file,
 * behind a bare `template:`.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax#comments-and-metadata
 */

/** Strings, comments, bare names before a colon, punctuation, white space, and everything else. */
const tokens =
  /"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[A-Za-z_$][\w$]*(?=\s*:)|[{}[\],:]|\s+|[^\s{}[\],:"']+|[\s\S]/g

const isSkipped = (token: string): boolean => /^(?:\/\/|\/\*|\s)/.test(token)

const strictString = (token: string): string => {
  const inside = token.slice(1, -1).replaceAll('\r', '').replaceAll('\n', '\\n').replaceAll('\t', '\\t')
  return `"${token.startsWith("'") ? inside.replaceAll("\\'", "'").replace(/(?<!\\)"/g, '\\"') : inside}"`
}

const strict = (token: string, next: string | undefined): string => {
  if (token.startsWith('"') || token.startsWith("'")) return strictString(token)
  return next === ':' && /^[A-Za-z_$]/.test(token) ? `"${token}"` : token
}

const toStrictJson = (text: string): string => {
  const kept = (text.match(tokens) ?? []).filter((token) => !isSkipped(token))
  const isExtra = (token: string, index: number): boolean =>
    token === ',' && /^[}\]]$/.test(kept[index + 1] ?? '')
  return kept
    .filter((token, index) => !isExtra(token, index))
    .map((token, index, all) => strict(token, all[index + 1]))
    .join('')
}

/**
 * Reads it.
 * @throws SyntaxError when it is not even that
 */
export const parseLenientJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return JSON.parse(toStrictJson(text))
  }
}
