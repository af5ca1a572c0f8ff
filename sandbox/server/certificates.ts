// The X.509 library registers its parts through decorators' metadata, and does not bring it itself.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const day = 24 * 60 * 60 * 1000
const serverAuthentication = '1.3.6.1.5.5.7.3.1'

/** What an HTTPS server on loopback needs, and what its clients need to trust it. All values are PEM text. */
export interface CertificateChain {
  /** Self-signed root; the one thing a client has to trust. */
  readonly ca: string
  /** Certificate of the server followed by that of the intermediate authority. */
  readonly certificates: string
  readonly key: string
}

let shared: Promise<CertificateChain> | undefined

/** The certificates of all servers of this process: made for the first, because making them takes a while. */
export function processCertificates(): Promise<CertificateChain> {
  shared ??= createCertificateChain(new Date())
  return shared
}

interface Authority {
  readonly certificate: x509.X509Certificate
  readonly keys: webcrypto.CryptoKeyPair
}

/**
 * Makes a root, an intermediate authority, and a server certificate for `localhost`, `127.0.0.1` and `::1`.
 * Carries every extension that OpenSSL's strict mode, which Python 3.13 turns on, insists on.
 * The keys live in memory only, except where the caller writes them.
 */
export async function createCertificateChain(now: Date): Promise<CertificateChain> {
  x509.cryptoProvider.set(webcrypto)
  const validity = {
    notBefore: new Date(now.getTime() - day),
    notAfter: new Date(now.getTime() + 90 * day),
  }
  const root = await createRoot(validity)
  const intermediate = await createIntermediate(root, validity)
  const server = await createServerCertificate(intermediate, validity)
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', server.keys.privateKey)
  return {
    ca: pem(root.certificate),
    certificates: pem(server.certificate) + pem(intermediate.certificate),
    key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
  }
}

interface Validity {
  readonly notBefore: Date
  readonly notAfter: Date
}

async function createRoot(validity: Validity): Promise<Authority> {
  const keys = await generateKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: serialNumber(),
    name: 'CN=Sandbox Root,O=AI Factory Sandbox',
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      ...(await authorityExtensions(keys.publicKey, 1)),
      await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate, keys }
}

async function createIntermediate(root: Authority, validity: Validity): Promise<Authority> {
  const keys = await generateKeys()
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity,
    serialNumber: serialNumber(),
    subject: 'CN=Sandbox Intermediate,O=AI Factory Sandbox',
    issuer: root.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: root.keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      ...(await authorityExtensions(keys.publicKey, 0)),
      await x509.AuthorityKeyIdentifierExtension.create(root.keys.publicKey),
    ],
  })
  return { certificate, keys }
}

async function createServerCertificate(issuer: Authority, validity: Validity): Promise<Authority> {
  const keys = await generateKeys()
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity,
    serialNumber: serialNumber(),
    subject: 'CN=localhost,O=AI Factory Sandbox',
    issuer: issuer.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([serverAuthentication]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
    ],
  })
  return { certificate, keys }
}

async function authorityExtensions(key: webcrypto.CryptoKey, pathLength: number): Promise<x509.Extension[]> {
  return [
    new x509.BasicConstraintsExtension(true, pathLength, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    await x509.SubjectKeyIdentifierExtension.create(key),
  ]
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

/** Positive and under 20 octets, as RFC 5280 §4.1.2.2 wants it. */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16))
  return `01${Buffer.from(bytes).toString('hex')}`
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`
}
