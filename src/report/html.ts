/** The longest text that is shown whole. What is longer is cut: a report is read, not searched for logs. */
const longestText = 2_000

/** Markup that goes into the page as it is. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What can stand in a template: text is escaped, markup is not, `undefined` is nothing. */
export type Content = Markup | string | number | undefined | readonly Content[]

/** Characters that no page can hold, or that turn the direction of the text after them. */
const harmful =
  /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069\u2028\u2029\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu

/** Makes any text safe as text and as the value of a quoted attribute, and cuts it to a length that can be read. */
export function escapeText(text: string): string {
  const cut = text.length > longestText ? `${text.slice(0, longestText)}…` : text
  return cut.replace(harmful, '?').replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function textOf(content: Content): string {
  if (content === undefined) return ''
  if (content instanceof Markup) return content.text
  if (typeof content === 'string') return escapeText(content)
  if (typeof content === 'number') return content.toLocaleString('en')
  return content.map(textOf).join('')
}

/** Markup from a template: every text that is put into it is escaped. Attributes must be quoted. */
export const html = (strings: TemplateStringsArray, ...values: readonly Content[]): Markup =>
  new Markup(strings.map((part, index) => part + textOf(values[index])).join(''))

/** What a reader sees of it, fit for the value of an attribute. */
export const withoutMarkup = (content: Content): Markup =>
  new Markup(
    textOf(content)
      .replaceAll(/<[^>]*>/g, ' ')
      .trim(),
  )
