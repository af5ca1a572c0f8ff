import { type Content, html, type Markup } from './html.ts'

/** An address of the web without anything that a program would run, or a path beside the page. */
const safe = /^(?:https:\/\/[\w.-]+(?::\d+)?(?:[/?#][^\s"'<>`\\]*)?|(?!\/)[\w./-]+)$/

/** A link where the address is one to follow, the content alone where not. */
export const link = (url: string | undefined, content: Content): Markup =>
  url !== undefined && safe.test(url) && !url.split(/[?#]/, 1).join('').includes('/../')
    ? html`<a href="${url}">${content}</a>`
    : html`${content}`

/** Ids as Azure makes them: names have no characters that end a path. */
const idForm = /^\/subscriptions\/[^\s?#"'<>`\\]+$/i
const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Where the portal shows a resource or a resource group; undefined for anything else.
 * https://learn.microsoft.com/azure/azure-portal/azure-portal-safelist-urls
 */
export function portalLink(
  portal: string | undefined,
  tenantId: string | undefined,
  id: string,
): string | undefined {
  if (portal === undefined || !idForm.test(id)) return undefined
  const tenant = tenantId !== undefined && guid.test(tenantId) ? `@${tenantId}/` : ''
  return `${portal}/#${tenant}resource${encodeURI(id)}`
}
