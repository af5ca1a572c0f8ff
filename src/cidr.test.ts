import { isIPv6 } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  cidr,
  contains,
  endOf,
  formatCidr,
  networkAt,
  overlaps,
  parseAddress,
  parseNetwork,
  sizeOf,
} from './cidr.ts'
import { anyText } from './testing/any-text.ts'

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
    expect(parseNetwork(text)).toMatchObject({
      kind: 'fault',
      reason,
      message: `'${text}' is not a network: ${reason}`,
    })
  })

  test('that is refused cannot write into the log', () => {
    const parsed = parseNetwork('::error::\u001b[31m\n/24')
    expect(parsed).toMatchObject({ kind: 'fault', message: expect.not.stringMatching(/\p{Cc}/u) })
  })

  test.each([
    ['10.1.0.0\u200b/20', "'10.1.0.0\\u{200b}/20' is not a network: '0\\u{200b}' is no decimal number."],
    ['10.1.0.\u202e0/20', "'10.1.0.\\u{202e}0/20' is not a network: '\\u{202e}0' is no decimal number."],
    ['["10.1.0.0"]', `'["10.1.0.0"]' is not a network: '["10' is no decimal number.`],
  ])('is shown in %j with what is invisible in it', (text, message) => {
    expect(parseNetwork(text)).toMatchObject({ message })
  })

  test('is never longer than a line in an error', () => {
    const parsed = parseNetwork('1'.repeat(5000))
    expect(parsed).toMatchObject({ kind: 'fault', message: expect.stringMatching(/^.{1,200}$/) })
  })
})

describe('Bits behind the prefix', () => {
  test('are refused with the network that was probably meant, which is one', () => {
    fc.assert(
      fc.property(networks, fc.integer({ min: 1, max: 2 ** 32 - 1 }), (network, bits) => {
        fc.pre(bits < sizeOf(network.prefixLength))
        const inside = { ...network, first: network.first + bits }
        expect(parseNetwork(formatCidr(inside))).toMatchObject({ kind: 'fault', meant: formatCidr(network) })
      }),
    )
  })

  test('are refused in IPv6 too', () => {
    expect(parseNetwork('fe80::1/64')).toMatchObject({
      kind: 'fault',
      message: "'fe80::1/64' is not a network: the address lies inside a /64. Probably fe80::/64 was meant.",
      meant: 'fe80::/64',
    })
    expect(parseNetwork('2001:DB8:0:0:1:0:0:1/127')).toMatchObject({ meant: '2001:db8:0:0:1::/127' })
    expect(parseNetwork('2001:DB8:0:0:1:0:0:3/127')).toMatchObject({ meant: '2001:db8::1:0:0:2/127' })
    expect(parseNetwork('1:2:3:4:5:6:7:9/125')).toMatchObject({ meant: '1:2:3:4:5:6:7:8/125' })
  })
})

describe('An IPv6 network', () => {
  test.each([
    'fd00::/8',
    '::/0',
    '::1/128',
    '2001:db8:1:2:3:4:5:6/128',
    'FD00:ABCD::/32',
    '1:2:3:4:5:6:7::/112',
    '::ffff:10.1.0.0/112',
    '1:2:3:4:5:6:10.1.2.3/128',
  ])('%s is recognised', (text) => {
    expect(parseNetwork(text)).toEqual({ kind: 'ipv6', text })
  })

  test.each([
    ['fd00::1::/8', "an IPv6 address has '::' at most once."],
    ['fd00:/8', 'a group is missing.'],
    ['fd00:::/16', 'a group is missing.'],
    ['fd00::/129', 'the size /129 is greater than /128.'],
    ['fd00::/08', "the size '08' has a leading zero."],
    ['fd00::/', 'the size after the slash must be a number from 0 to 128.'],
    ['1:2:3:4:5:6:7:8:9/64', "an IPv6 address has eight groups, or '::' for some."],
    ['1:2:3:4:5:6:7/64', "an IPv6 address has eight groups, or '::' for some."],
    ['1:2:3:4::5:6:7:8/128', "an IPv6 address has eight groups, or '::' for some."],
    ['fd00::', 'it says no size. For this one address write fd00::/128.'],
    ['gg::/8', "'gg' is no group of one to four hexadecimal digits."],
    ['00001::/16', "'00001' is no group of one to four hexadecimal digits."],
    ['fe80::%eth0/64', 'a network has no zone, which is what % begins.'],
    ['::10.1.0/128', 'an IPv4 address has four numbers, as in 10.1.0.0.'],
    ['::10.1.0.010/128', "'010' has a leading zero."],
    ['10.0.0.0::/32', "'10.0.0.0' is no group of one to four hexadecimal digits."],
    ['10.0.0.0:80/24', "'10.0.0.0' is no group of one to four hexadecimal digits."],
    ['fd00::/8/8', 'it has more than one slash.'],
    ['fd00:: /8', 'it contains a space.'],
  ])('%j is refused: %s', (text, reason) => {
    expect(parseNetwork(text)).toMatchObject({ kind: 'fault', reason })
  })

  const pieces = fc.array(fc.constantFrom('::', ':', '0', '1', 'ab', 'ffff', '10.0.0.1', '1.2.3', 'x'), {
    maxLength: 17,
  })

  test('is one exactly when its address is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.ipV6(),
          pieces.map((texts) => texts.join('')),
        ),
        (address) => {
          fc.pre(address.includes(':'))
          expect(parseNetwork(`${address}/128`).kind).toBe(isIPv6(address) ? 'ipv6' : 'fault')
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('that was probably meant is one itself, in the form that everybody writes', () => {
    let refused = 0
    fc.assert(
      fc.property(fc.ipV6(), fc.integer({ min: 0, max: 127 }), (address, prefixLength) => {
        const parsed = parseNetwork(`${address}/${prefixLength}`)
        fc.pre(parsed.kind === 'fault')
        refused += 1
        const { meant = '' } = parsed
        expect(parseNetwork(meant)).toEqual({ kind: 'ipv6', text: meant })
        const [first = ''] = meant.split('/')
        expect(new URL(`http://[${first}]`).hostname).toBe(`[${first}]`)
      }),
      { numRuns: 500 },
    )
    expect(refused).toBeGreaterThan(100)
  })
})

describe('Any text', () => {
  test('is a network or refused with a reason of one line, and never a crash', () => {
    const text = fc.oneof(
      anyText(),
      fc
        .array(fc.constantFrom('10', '.', '/', ':', '0', '24', ' ', '%'), { maxLength: 20 })
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, (written) => {
        const parsed = parseNetwork(written)
        if (parsed.kind === 'ipv4') expect(formatCidr(parsed.cidr)).toBe(written)
        if (parsed.kind === 'fault') expect(parsed.message).toMatch(/^\P{Cc}{1,250}$/u)
      }),
      { numRuns: 2000 },
    )
  })
})

test('An IPv4 address is a number', () => {
  expect(parseAddress('1.2.3.4')).toBe(0x01020304)
  expect(parseAddress('255.255.255.255')).toBe(2 ** 32 - 1)
  expect(parseAddress('1.2.3')).toBe('an IPv4 address has four numbers, as in 10.1.0.0.')
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
