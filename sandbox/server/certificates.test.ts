import 'reflect-metadata'
import { X509Certificate } from 'node:crypto'
import { beforeAll, expect, test } from '@jest/globals'
import * as x509 from '@peculiar/x509'
import { type CertificateChain, createCertificateChain } from './certificates.ts'

let chain: CertificateChain
let root: X509Certificate
let intermediate: X509Certificate
let server: X509Certificate

beforeAll(async () => {
  chain = await createCertificateChain(new Date())
  const [first = '', second = ''] = chain.certificates.split(/(?<=-----END CERTIFICATE-----\n)/)
  root = new X509Certificate(chain.ca)
  server = new X509Certificate(first)
  intermediate = new X509Certificate(second)
})

test('the server is vouched for by the intermediate, and that by the root', () => {
  expect(server.checkIssued(intermediate) && server.verify(intermediate.publicKey)).toBe(true)
  expect(intermediate.checkIssued(root) && intermediate.verify(root.publicKey)).toBe(true)
  expect(root.checkIssued(root) && root.verify(root.publicKey)).toBe(true)
})

test('the server is localhost by name and by address, and nobody else', () => {
  expect(server.checkHost('localhost')).toBe('localhost')
  expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(server.checkIP('::1')).toBe('::1')
  expect(server.checkHost('example.com')).toBeUndefined()
})

test('only the authorities may vouch', () => {
  expect([root.ca, intermediate.ca, server.ca]).toEqual([true, true, false])
})

test.each([
  ['root', () => root, ['2.5.29.19', '2.5.29.15', '2.5.29.14', '2.5.29.35']],
  ['intermediate', () => intermediate, ['2.5.29.19', '2.5.29.15', '2.5.29.14', '2.5.29.35']],
  ['server', () => server, ['2.5.29.19', '2.5.29.15', '2.5.29.37', '2.5.29.17', '2.5.29.14', '2.5.29.35']],
])('the %s has the extensions that strict checks want, the critical ones marked', (_name, of, wanted) => {
  const { extensions } = new x509.X509Certificate(of().raw)
  expect(extensions.map(({ type }) => type)).toEqual(expect.arrayContaining(wanted))
  const critical = extensions.filter((extension) => extension.critical).map(({ type }) => type)
  expect(critical.toSorted()).toEqual(['2.5.29.15', '2.5.29.19'])
})
