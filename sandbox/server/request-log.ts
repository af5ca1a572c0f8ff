/** One request the sandbox answered. Holds no headers and no body, so no token either. */
export interface LoggedRequest {
  /** Counts up from 1 over the life of the server. */
  readonly sequence: number
  /** ISO 8601, by the sandbox's clock. */
  readonly at: string
  readonly method: string
  /** Path and query as sent. */
  readonly path: string
  /** 0 when the connection was cut on purpose. */
  readonly status: number
  readonly milliseconds: number
  /** Object id and, for applications, client id of who sent it. Absent when nobody signed in. */
  readonly caller?: { readonly objectId: string; readonly appId?: string }
  /** Which part of the sandbox answered; `none` when the address is unknown, `fault` when a fault rule did. */
  readonly area: string
  /** The requests inside of a batch, in the order in which they were applied. */
  readonly batched?: readonly BatchedRequest[]
}

/** One request inside of another one. */
export type BatchedRequest = Pick<LoggedRequest, 'method' | 'path' | 'status' | 'area'>

/** The last requests, oldest first. */
export interface RequestLog {
  add(request: Omit<LoggedRequest, 'sequence'>): void
  /** Requests whose sequence is above `since`. */
  list(since?: number): readonly LoggedRequest[]
}

/** Keeps at least the last `capacity` requests, and never more than twice as many. */
export function createRequestLog(capacity = 10_000): RequestLog {
  let entries: LoggedRequest[] = []
  let sequence = 0
  return {
    add: (request) => {
      sequence += 1
      entries.push({ sequence, ...request })
      if (entries.length >= 2 * capacity) entries = entries.slice(-capacity)
    },
    list: (since = 0) => {
      const first = entries[0]?.sequence ?? 1
      return entries.slice(Math.max(0, since - first + 1))
    },
  }
}
