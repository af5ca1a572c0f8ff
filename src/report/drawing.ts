import { Markup } from './html.ts'

const elements = new Set(['svg', 'title', 'desc', 'style', 'g', 'rect', 'text'])
const attributes = new Set([
  ...['xmlns', 'class', 'viewBox', 'width', 'height', 'style', 'role', 'id', 'aria-labelledby'],
  ...['x', 'y', 'rx'],
])
/** Anything in a style sheet that would leave the page or the drawing. */
const reachingOut = /url\(|@import|expression|javascript|\\/i
const tagForm = /<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+="[^"<>]*")*)\s*\/?>/g

/**
 * Makes a drawing of a file fit to be part of a page that holds several: every id begins with `prefix`. A drawing that
 * holds anything but the few shapes and texts our drawings are made of is refused.
 * @returns undefined when it is refused
 */
export function inlineDrawing(svg: string, prefix: string): Markup | undefined {
  if (!svg.trimStart().startsWith('<svg ') || reachingOut.test(svg)) return undefined
  for (const [, , name = '', list = ''] of svg.matchAll(tagForm)) {
    const names = [...list.matchAll(/([\w:-]+)="/g)].map(([, attribute = '']) => attribute)
    if (!elements.has(name) || names.some((attribute) => !attributes.has(attribute))) return undefined
  }
  if (svg.replaceAll(tagForm, '').includes('<')) return undefined
  return new Markup(
    svg
      // It may be as wide as the page allows.
      .replace(/ style="[^"]*"/, '')
      .replaceAll(/ id="([^"]*)"/g, ` id="${prefix}-$1"`)
      .replaceAll(/ aria-labelledby="([^"]*)"/g, (_, ids: string) => {
        const prefixed = ids.split(/\s+/).map((id) => `${prefix}-${id}`)
        return ` aria-labelledby="${prefixed.join(' ')}"`
      }),
  )
}
