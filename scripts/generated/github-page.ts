/** Escapes what is left of a text once its entities are kept, and renders what the summaries use inside a line. */
const inline = (text: string): string =>
  text
    .replaceAll(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
    .replaceAll(/<(https:\/\/[^<>\s]+)>/g, '<a href="$1">$1</a>')

/** Pictures of the symbols in the colours they have on GitHub, for machines without such letters. */
const drawn = (colour: string, path: string): string =>
  `<svg width="15" height="15" viewBox="0 0 16 16" style="vertical-align:-2px" fill="none" stroke="${colour}" stroke-width="2"><path d="${path}"/></svg>`
const symbols: Readonly<Record<string, string>> = {
  '🗑️': drawn('#59636e', 'M2 4h12M6 4V2h4v2M4 4l1 10h6l1-10'),
  '🔓': drawn('#9a6700', 'M3 8h10v6H3zM5 8V5a3 3 0 0 1 6-1'),
  '➕': drawn('#1f883d', 'M8 2v12M2 8h12'),
  '✏️': drawn('#bf8700', 'M3 13l1-4 7-7 3 3-7 7z'),
  '❔': drawn('#59636e', 'M5 6a3 3 0 1 1 4 3l-1 2M8 13v1'),
}
const withSymbols = (html: string): string =>
  Object.entries(symbols).reduce((text, [symbol, svg]) => text.replaceAll(symbol, svg), html)

const cells = (line: string, tag: 'td' | 'th'): string =>
  `<tr>${line
    .slice(1, -1)
    .split('|')
    .map((text) => `<${tag}>${inline(text.trim())}</${tag}>`)
    .join('')}</tr>`

function block(text: string): string {
  const lines = text.split('\n')
  const [, marks = '', heading = ''] = /^(#{2,3}) (.*)$/.exec(text) ?? []
  if (marks !== '') return `<h${marks.length}>${inline(heading)}</h${marks.length}>`
  if (text.startsWith('|')) {
    const [head = '', , ...rows] = lines
    return `<table>${cells(head, 'th')}${rows.map((row) => cells(row, 'td')).join('')}</table>`
  }
  if (text.startsWith('>')) {
    const quoted = lines.map((line) => line.replace(/^> ?/, '')).join('\n')
    return `<blockquote>${quoted
      .split('\n\n')
      .map((part) => `<p>${inline(part)}</p>`)
      .join('')}</blockquote>`
  }
  return /^<\/?details>/.test(text) ? text : `<p>${inline(text)}</p>`
}

/** The Markdown of a job summary as GitHub shows it: those parts of it that our summaries are made of. */
export const githubPage = (markdown: string): string => `<!doctype html>
<meta charset="utf-8">
<style>
  body { margin: 0; padding: 24px 32px; color: #1f2328; background: #fff; font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif, "Noto Color Emoji" }
  h2 { margin: 0 0 16px; padding-bottom: .3em; border-bottom: 1px solid #d1d9e0b3; font-size: 1.5em; font-weight: 600 }
  h3 { margin: 24px 0 16px; font-size: 1.25em; font-weight: 600 }
  p { margin: 0 0 16px }
  blockquote { margin: 0 0 16px; padding: 0 1em; color: #59636e; border-left: .25em solid #d1d9e0 }
  blockquote p:last-child { margin: 0 }
  table { border-collapse: collapse; margin: 0 0 16px; display: block; width: max-content; max-width: 100%; overflow: auto }
  th, td { padding: 6px 13px; border: 1px solid #d1d9e0; text-align: left }
  th { font-weight: 600 }
  td:first-child { white-space: nowrap }
  tr:nth-child(odd) td { background: #f6f8fa }
  details { margin: 0 0 8px }
  summary { cursor: default }
  a { color: #0969da }
</style>
${withSymbols(
  markdown
    .trim()
    .split(/\n{2,}/)
    .map(block)
    .join('\n'),
)}
`
