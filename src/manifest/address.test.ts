import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { parseNetwork } from '../cidr.ts'
import { firewallFault, networkPattern, readNetwork } from './address.ts'

test.each(['0.0.0.0/0', '10.0.0.0/8', '172.16.0.0/16', '192.168.1.4/30', '255.255.255.255/32'])(
  '%s is a network',
  (text) => {
    expect(readNetwork(text)).not.toHaveProperty('fault')
  },
)

test.each([
  '',
  '10.0.0.0',
  '10.0.0/8',
  '10.0.0.0.0/8',
  '010.0.0.0/8',
  '10.0.0.0/08',
  '10.0.0.0/33',
  '10.0.0.256/32',
  '10.0.0.0/8/8',
  ' 10.0.0.0/8',
  '10.0.0.0/',
  '0x0a.0.0.0/8',
  '１0.0.0.0/8',
])("'%s' is none", (text) => {
  expect(readNetwork(text)).toHaveProperty('fault')
})

test('bits behind the prefix are named with what was meant', () => {
  expect(readNetwork('172.16.5.1/16')).toEqual({ fault: 'the first address of its network: 172.16.0.0/16' })
})

test.each([
  ['172.016.0.0/16', "an IPv4 network such as 172.16.0.0/16 ('016' has a leading zero)"],
  ['172.16.0.0/33', 'an IPv4 network such as 172.16.0.0/16 (the size /33 is greater than /32)'],
  ['fd00::/8', 'an IPv4 network such as 172.16.0.0/16'],
])('%s is refused with what it must be', (text, fault) => {
  expect(readNetwork(text)).toEqual({ fault })
})

test('the pattern for editors takes whatever is a network, and nothing that is written otherwise', () => {
  const octets = fc.array(fc.constantFrom('0', '10', '255', '256', '010', 'x', ''), {
    minLength: 3,
    maxLength: 5,
  })
  return fc.assert(
    fc.property(octets, fc.constantFrom('0', '8', '32', '33', '08', ''), (numbers, length) => {
      const text = `${numbers.join('.')}/${length}`
      const parsed = parseNetwork(text)
      const isWellWritten = parsed.kind === 'ipv4' || (parsed.kind === 'fault' && parsed.meant !== undefined)
      if (isWellWritten) expect(text).toMatch(new RegExp(networkPattern))
      else if (!/256|33/.test(text)) expect(text).not.toMatch(new RegExp(networkPattern))
    }),
    { numRuns: 1000 },
  )
})

describe('a firewall', () => {
  test.each(['203.0.113.7', '203.0.113.0/24', '203.0.113.4/30'])('takes %s', (text) => {
    expect(firewallFault(text)).toBeUndefined()
  })

  test.each([
    '10.1.2.3',
    '172.31.0.0/24',
    '192.168.0.0/16',
    '203.0.113.7/32',
    '203.0.113.6/31',
    '0.0.0.0/0',
    'x',
  ])('refuses %s', (text) => {
    expect(firewallFault(text)).toEqual(expect.any(String))
  })
})
