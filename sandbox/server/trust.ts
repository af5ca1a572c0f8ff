import { getCACertificates, setDefaultCACertificates } from 'node:tls'

/**
 * Makes `fetch` and `node:https` of this process trust a certificate authority, PEM text, besides those they trust
 * already. What `NODE_EXTRA_CA_CERTS` does for a process that is yet to start.
 */
export function trust(ca: string): void {
  const trusted = getCACertificates('default')
  if (!trusted.includes(ca)) setDefaultCACertificates([...trusted, ca])
}
