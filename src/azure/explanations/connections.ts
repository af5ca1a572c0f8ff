import type { Explained, Explanation } from './explanation.ts'

const of = (explanation: Explanation, ...codes: readonly string[]): Explained => ({ codes, ...explanation })

/** What goes wrong before Azure answers: codes of the system, of Node and of the HTTP client. */
export const connectionExplanations: readonly Explained[] = [
  of(
    {
      why: 'The address cannot be reached from this runner. Private services need a runner inside the network.',
      fix: 'Run the job on a runner that is connected to the VNet (runs-on), and check name resolution of the private endpoint.',
    },
    'network_error',
    'ENOTFOUND',
    'ECONNREFUSED',
    'ECONNRESET',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'REQUEST_SEND_ERROR',
    'UND_ERR_CONNECT_TIMEOUT',
  ),
  of(
    {
      why: 'The service, or something between it and this runner, did not answer in time.',
      fix: 'Run the job again. If it fails again, check whether the runner can reach the address: private services need a runner inside the network.',
    },
    'ETIMEDOUT',
  ),
  of(
    {
      why: 'The connection broke off on the way, again and again.',
      fix: 'Run the job again. If it comes back, check the network and the proxy between this runner and Azure.',
    },
    'EPIPE',
    'PARSE_ERROR',
  ),
  of(
    {
      why: 'The certificate of the server is not trusted by this runner.',
      fix: 'Point NODE_EXTRA_CA_CERTS to the certificate authority of your proxy or sandbox.',
    },
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ),
]
