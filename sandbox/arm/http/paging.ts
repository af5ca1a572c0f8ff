import type { Exchange } from '../../contracts.ts'

/** Azure's page size of resource lists. */
const largestPage = 1_000

/** A page of a list, with the address of the next one. `$skiptoken` is the number of items already given. */
export function page(items: readonly unknown[], exchange: Exchange, defaultSize = largestPage): Response {
  const { searchParams, pathname } = exchange.url
  const top = Number(searchParams.get('$top') ?? defaultSize)
  const size = Number.isInteger(top) && top > 0 ? Math.min(top, largestPage) : defaultSize
  const skip = Number(searchParams.get('$skiptoken') ?? 0) || 0
  const value = items.slice(skip, skip + size)
  if (skip + size >= items.length) return Response.json({ value })
  const next = new URLSearchParams(searchParams)
  next.set('$skiptoken', String(skip + size))
  return Response.json({ value, nextLink: `${exchange.base}${pathname}?${next}` })
}
