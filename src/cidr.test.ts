import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { cidr, contains, endOf, formatCidr, networkAt, overlaps, parseNetwork } from './cidr.ts'

const networks = fc
  .record({
    address: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    prefixLength: fc.integer({ min: 0, max: 32 }),
  })
  .map(({ address, prefixLength }) => networkAt(address, prefixLength))

describe('An IPv4 network', () => {
  test('is read as it is written', () => {
    fc.assert(
      fc.property(networks, (network) => {
        expect(parseNetwork(formatCidr(network))).toEqual({ kind: 'ipv4', cidr: network })
      }),
    )
  })

  test.each([
    ['10.0.0.300/24', "'300' is greater than 255."],
    ['10.0.0.0/33', 'the size /33 is greater than /32.'],
    ['10.0/16', 'an IPv4 address has four numbers, as in 10.1.0.0.'],
    ['010.0.0.0/24', "'010' has a leading zero."],
    ['10.0.0.0/024', "the size '024' has a leading zero."],
    ['10.0.0.0/ 24', 'it contains a space.'],
    [' 10.0.0.0/24', 'it contains a space.'],
    ['10.0.0.5/24', 'the address lies inside a /24. Probably 10.0.0.0/24 was meant.'],
    ['10.0.0.4', 'it says no size. For this one address write 10.0.0.4/32.'],
    ['10.0.0.0/24/1', 'it has more than one slash.'],
    ['10..0.0/24', 'a number is missing.'],
    ['10.0.0.0x1/24', "'0x1' is no decimal number."],
    ['10.0.0.0/', 'the size after the slash must be a number from 0 to 32.'],
    ['10.0.0.0/-1', 'the size after the slash must be a number from 0 to 32.'],
    ['١٠.0.0.0/8', "'١٠' is no decimal number."],
    ['', 'an IPv4 address has four numbers, as in 10.1.0.0.'],
  ])('%j is refused: %s', (text, reason) => {
    expect(parseNetwork(text)).toEqual({ kind: 'fault', message: `'${text}' is not a network: ${reason}` })
  })

  test('that is refused cannot write into the log', () => {
    const parsed = parseNetwork('::error::\u001b[31m\n/24')
    expect(parsed).toMatchObject({ kind: 'fault', message: expect.not.stringMatching(/\p{Cc}/u) })
  })

  test('is never longer than a line in an error', () => {
    const parsed = parseNetwork('1'.repeat(5000))
    expect(parsed).toMatchObject({ kind: 'fault', message: expect.stringMatching(/^.{1,200}$/) })
  })
})

describe('An IPv6 network', () => {
  test.each(['fd00::/8', '::/0', '2001:db8:1:2:3:4:5:6/128', 'fe80::1/64'])('%s is recognised', (text) => {
    expect(parseNetwork(text)).toEqual({ kind: 'ipv6', text })
  })

  test.each(['fd00::1::/8', 'fd00:/8', 'fd00::/129', '1:2:3:4:5:6:7:8:9/64', 'fd00::', 'gg::/8'])(
    '%s is refused',
    (text) => {
      expect(parseNetwork(text)).toMatchObject({ kind: 'fault' })
    },
  )
})

describe('Two networks', () => {
  test('overlap exactly when one contains the other', () => {
    fc.assert(
      fc.property(networks, networks, (a, b) => {
        expect(overlaps(a, b)).toBe(contains(a, b) || contains(b, a))
      }),
    )
  })

  test('side by side do not overlap, even at the end of the address space', () => {
    expect(overlaps(cidr('255.255.254.0/24'), cidr('255.255.255.0/24'))).toBe(false)
    expect(endOf(cidr('255.255.255.0/24'))).toBe(2 ** 32)
  })
})
