/** Serves one area over real HTTPS for the clients that judge it, while the rest of the sandbox is played by stubs. */
import 'reflect-metadata'
import type { Area, Caller } from '../../contracts.ts'
import { processCertificates } from '../../server/certificates.ts'
import { createDispatcher } from '../../server/dispatch.ts'
import { createFaults } from '../../server/faults.ts'
import { listen } from '../../server/https-server.ts'
import { createRequestLog, type LoggedRequest } from '../../server/request-log.ts'
import { randomIdentifiers, systemClock } from '../../server/runtime.ts'
import { trust } from '../../server/trust.ts'

/** An area that is being served. */
export interface ServedArea {
  /** `https://localhost:PORT` */
  readonly base: string
  readonly requests: () => readonly LoggedRequest[]
  readonly close: () => Promise<void>
}

/** Starts serving. A bearer token is whatever `verify` makes of it. This process trusts the certificate from now on. */
export const serveArea = async (
  area: Area,
  verify: (token: string) => Caller | undefined = () => undefined,
): Promise<ServedArea> => {
  const chain = await processCertificates()
  trust(chain.ca)
  const log = createRequestLog()
  let base = ''
  const dispatcher = createDispatcher({
    areas: [{ name: 'area', answer: area }],
    base: () => base,
    verify: async (token) => verify(token),
    clock: systemClock,
    identifiers: randomIdentifiers,
    log,
    faults: createFaults(),
  })
  const server = await listen({ chain, port: 0, serve: dispatcher.serve, maximumBody: 64 * 1024 * 1024 })
  base = `https://localhost:${server.port}`
  return { base, requests: () => log.list(), close: () => server.close() }
}
