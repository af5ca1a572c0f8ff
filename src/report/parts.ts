import { type Content, html, type Markup, withoutMarkup } from './html.ts'

/** A list cut to what a page can hold, and how many were left out. */
export function bounded<T>(
  items: readonly T[],
  most: number,
): { readonly shown: readonly T[]; readonly more: number } {
  return { shown: items.slice(0, most), more: Math.max(0, items.length - most) }
}

/** One word with its number: `1 role`, `2 roles`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** Names in a sentence: `a, b and c`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** Milliseconds in words. */
export function duration(milliseconds: number): string {
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`
  const whole = Math.round(milliseconds / 1_000)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The parts of an ISO 8601 time in UTC, as people read them: `29 Nov 2026` and `20:33:05`. */
export function moment(time: string): { readonly day: string; readonly clock: string } {
  const [, year, month, day, clock = ''] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)/.exec(time) ?? []
  if (year === undefined) return { day: time, clock }
  return { day: `${Number(day)} ${months[Number(month) - 1] ?? month} ${year}`, clock }
}

/** A name of something in Azure, which may break anywhere rather than widen the page. */
export const code = (name: string): Markup => html`<code>${name}</code>`

/** A few words with a background. `tone` is one of the tones of the style sheet. */
export const badge = (text: string, tone: 'good' | 'bad' | 'warn' | 'calm'): Markup =>
  html`<span class="badge ${tone}">${text}</span>`

/** Something wide that scrolls by itself, with the keyboard too, so that the page does not. */
export const scrolling = (label: string, content: Content): Markup =>
  html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${content}</div>`

/** What is left to say when a list was cut. */
export const moreLine = (more: number): Markup | undefined =>
  more === 0 ? undefined : html`<p class="note">… and ${more} more.</p>`

/** A table whose first column names the row. */
export interface Matrix {
  readonly caption: string
  /** Heading of the first column, then of the others. */
  readonly headings: readonly Content[]
  readonly rows: readonly { readonly heading: Content; readonly cells: readonly Content[] }[]
  /** A last row for sums. */
  readonly foot?: { readonly heading: Content; readonly cells: readonly Content[] }
  readonly style?: string
}

/**
 * A table with real headings in both directions. On a narrow screen each row is a block of its own, in which every cell
 * names its column.
 */
export function matrix({ caption, headings, rows, foot, style = 'matrix' }: Matrix): Markup {
  const line = ({ heading, cells }: Matrix['rows'][number]): Markup =>
    html`<tr><th scope="row">${heading}</th>${cells.map((cell, index) => html`<td data-label="${labels[index]}">${cell}</td>`)}</tr>\n`
  const labels = headings.slice(1).map(withoutMarkup)
  return html`
<table class="stacked ${style}">
<caption class="hidden">${caption}</caption>
<thead><tr>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>${rows.map(line)}</tbody>
${foot && html`<tfoot>${line(foot)}</tfoot>`}</table>`
}

/** Folded away until somebody asks. `onPaper`: is it shown on paper, where nobody can ask? */
export const folded = (summary: Content, content: Content, onPaper = true): Markup =>
  html`<details class="${onPaper ? 'on-paper' : 'screen-only'}"><summary>${summary}</summary>${content}</details>`
