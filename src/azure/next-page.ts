import { UserError } from '../diagnostics/user-error.ts'

/** More pages than any list has that is read here; a service that goes on giving addresses turns in circles. */
const mostPages = 100

/** The header in which the address of a page travels to the policy. It never leaves the process. */
const header = 'x-page-address'

/** What the policy changes of a request; every generation of the clients has more. */
interface Addressed {
  url: string
  readonly headers: {
    readonly get: (name: string) => string | undefined
    readonly delete: (name: string) => void
  }
}

/**
 * A policy for reading further pages of a list with a client that only reads resources by id: the request goes to the
 * address that came with the page before, with all that the client does for any request.
 */
export const toNextPage = {
  position: 'perCall' as const,
  policy: {
    name: 'toNextPage',
    sendRequest: <Request extends Addressed, Response>(
      request: Request,
      next: (request: Request) => Promise<Response>,
    ): Promise<Response> => {
      const address = request.headers.get(header)
      if (address !== undefined) {
        request.url = address
        request.headers.delete(header)
      }
      return next(request)
    },
  },
}

/** A page of a list, and the address of the next one. */
export interface Page<Item> {
  readonly value: readonly Item[]
  readonly nextLink?: string | null | undefined
}

/** What a request for a page takes besides the list's own address: nothing for the first one. */
export type PageHeaders = Readonly<Record<string, string>>

/**
 * Reads a list to its end.
 * @param endpoint of Azure Resource Manager: an address elsewhere is refused, since it would be sent the token
 * @throws UserError when the service sends elsewhere, or to page after page without end
 */
export async function allPages<Item>(
  endpoint: string,
  readPage: (headers: PageHeaders) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const items: Item[] = []
  let headers: PageHeaders = {}
  for (let count = 1; count <= mostPages; count += 1) {
    const { value, nextLink } = await readPage(headers)
    items.push(...value)
    if (nextLink === undefined || nextLink === null || nextLink === '') return items
    const address = new URL(nextLink, endpoint)
    if (address.origin !== new URL(endpoint).origin) {
      throw new UserError({
        what: `The list goes on at another server (${address.host}), which was not asked.`,
        why: 'A proxy in between, or a service that is not Azure Resource Manager, has answered.',
        fix: "Check the input 'azure-cloud' and the proxy of the runner.",
      })
    }
    headers = { [header]: address.href }
  }
  throw new UserError({
    what: `The list has no end: ${mostPages} pages were read.`,
    fix: 'Run the job again, and report it to whoever runs the service if it comes back.',
  })
}
