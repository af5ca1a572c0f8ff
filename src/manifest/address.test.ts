import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { firewallFault, overlap, readAddress, readNetwork } from './address.ts'

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

test('two networks overlap when one holds the first address of the other', () => {
  const networks = fc.tuple(fc.nat(0xffff_ffff), fc.nat(32)).map(([address, prefixLength]) => ({
    first: address - (address % 2 ** (32 - prefixLength)),
    prefixLength,
  }))
  const holds = (outer: { first: number; prefixLength: number }, address: number): boolean =>
    address >= outer.first && address < outer.first + 2 ** (32 - outer.prefixLength)
  return fc.assert(
    fc.property(networks, networks, (a, b) => overlap(a, b) === (holds(a, b.first) || holds(b, a.first))),
    { numRuns: 500 },
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

test('an address is a number', () => {
  expect(readAddress('1.2.3.4')).toBe(0x01020304)
  expect(readAddress('1.2.3')).toBeUndefined()
})
