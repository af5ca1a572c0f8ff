import { describe, expect, test } from '@jest/globals'
import { formatCidr } from '../cidr.ts'
import { readExistingSubnets, readNetworkList, readSubnetNames, readSubnetSpecs } from './inputs.ts'

describe('A list of networks', () => {
  test('has one per line, or commas between; IPv6 is left out', () => {
    const networks = readNetworkList('address-space', '10.0.0.0/16, 10.1.0.0/16\r\n\n  10.2.0.0/16\nfd00::/8')
    expect(networks.map(formatCidr)).toEqual(['10.0.0.0/16', '10.1.0.0/16', '10.2.0.0/16'])
  })

  test('is refused with every fault, its line and what was meant', () => {
    expect(() => readNetworkList('reserved', '10.0.0.0/16\n10.0.0.5/24,10.0.0.300/24')).toThrow(
      "Input 'reserved' cannot be read. Line 2: '10.0.0.5/24' is not a network: the address lies inside a /24. Probably 10.0.0.0/24 was meant. " +
        "Line 2: '10.0.0.300/24' is not a network: '300' is greater than 255. Write networks like 10.1.0.0/16",
    )
  })

  test('shows ten faults of a thousand', () => {
    expect(() => readNetworkList('reserved', 'x\n'.repeat(1000))).toThrow(/Line 10: .* And 990 more\./)
  })
})

describe('Existing subnets', () => {
  const expected = [
    { id: '', name: 'web', addressPrefixes: ['10.0.0.0/24'] },
    { id: '', name: 'dual', addressPrefixes: ['10.0.1.0/24', 'fd00::/64'] },
  ]

  test('are lines of name and network', () => {
    expect(
      readExistingSubnets('existing-subnets', 'web 10.0.0.0/24\ndual\t10.0.1.0/24, fd00::/64\n'),
    ).toEqual(expected)
  })

  test('are the JSON that the Azure CLI prints', () => {
    const text = JSON.stringify([
      { name: 'web', addressPrefix: '10.0.0.0/24', addressPrefixes: null, etag: 'W/1' },
      { name: 'dual', addressPrefixes: ['10.0.1.0/24', 'fd00::/64'], delegations: [] },
    ])
    expect(readExistingSubnets('existing-subnets', text)).toEqual([
      expected[0],
      { ...expected[1], delegations: [] },
    ])
  })

  test.each([
    ['web', "Line 1: 'web' is not a name followed by a network."],
    ['web 10.0.0.0/24\nweb 10.0.1/24', "Line 2: '10.0.1/24' is not a network"],
    ['[\n{"name": "web"}\n]', "Line 2: 'web' has neither 'addressPrefix' nor 'addressPrefixes'."],
    ['[\n{"addressPrefix": "10.0.0.0/24"}\n]', "Line 2: 'name' is missing. It must be a subnet name"],
    ['10.0.0.0/24, 10.0.1.0/24', "Line 1: '10.0.0.0/24' is not a subnet name: at most 80 letters"],
    ['web 10.0.0.0/24\nWEB 10.0.1.0/24', "Line 2: 'WEB' is in line 1 already."],
    [
      '[{"name": "web", "addressPrefix": "10.0.0.0/24"},\n{"name": "Web", "addressPrefix": "10.0.1.0/24"}]',
      "Line 2: 'Web' is in line 1 already.",
    ],
    ['web: 10.0.0.0/24', "Line 1: 'web:' is not a subnet name"],
    ['"web" 10.0.0.0/24', `Line 1: '"web"' is not a subnet name`],
    ['[{"name": "::error::", "addressPrefix": "10.0.0.0/24"}]', "Line 1: 'name' must be a subnet name"],
    [
      '[{"name": "web", "addressPrefix": 10}]',
      "Line 1: 'addressPrefix' must be text such as 10.1.0.0/24, not 10. Write",
    ],
    ['[{"name": "web", ', 'cannot be read. Line 1: This is not valid YAML or JSON from column 18 on. Write'],
    ['[*a]', 'cannot be read. Line 1:'],
  ])('%j are refused: %s', (text, message) => {
    expect(() => readExistingSubnets('existing-subnets', text)).toThrow(message)
  })
})

describe('Requested subnets', () => {
  test('have a size, or a number of addresses to use, in YAML or JSON', () => {
    expect(
      readSubnetSpecs('subnets', '- { name: a, prefixLength: 24 }\n- name: b\n  addresses: 28\n'),
    ).toEqual([
      { name: 'a', prefixLength: 24, line: 1 },
      { name: 'b', prefixLength: 26, line: 2 },
    ])
    expect(readSubnetSpecs('subnets', '[{"name": "a", "addresses": 1, "service": "aiFoundry"}]')).toEqual([
      { name: 'a', prefixLength: 29, service: 'aiFoundry', line: 1 },
    ])
  })

  test.each([
    [1, 29],
    [3, 29],
    [4, 28],
    [27, 27],
    [28, 26],
    [251, 24],
    [252, 23],
  ])('of %i usable addresses are a /%i', (addresses, prefixLength) => {
    expect(readSubnetSpecs('subnets', JSON.stringify([{ name: 'a', addresses }]))).toMatchObject([
      { prefixLength },
    ])
  })

  test.each<[string, string | RegExp]>([
    ['name: a', "Input 'subnets' is not a list."],
    ['[]', "Input 'subnets' is an empty list. List at least one subnet"],
    [
      '[{"name": "a" "prefixLength": 24}]',
      "Input 'subnets' cannot be read. Line 1: This is not valid YAML or JSON from column 15 on. Write",
    ],
    ['- a', 'Line 1: The entry must be an object with the keys name, prefixLength, addresses, service, not'],
    ['- { name: a }', "Line 1: 'prefixLength' is missing. It must be given, unless 'addresses' is."],
    [
      '- { name: a, prefixLength: 24, addresses: 3 }',
      "Line 1: 'addresses' cannot be used: 'prefixLength' is the size already.",
    ],
    ['- name: a\n  prefixLength: 30', "Line 2: 'prefixLength' must be a whole number from 1 to 29, not 30."],
    ['- { name: "../x", prefixLength: 24 }', "Line 1: 'name' must be a subnet name"],
    ['- { name: __proto__, prefixLength: 24 }', "Line 1: 'name' must be a subnet name"],
    ['- { name: a, prefixLength: 24 }\n- { name: A, prefixLength: 25 }', "Line 2: 'A' is in line 1 already."],
    [
      '- { name: a, addresses: 9007199254740993 }',
      /^[^:]*Line 1: 'addresses' must be a whole number from 1 to 16777216, not 9007199254740993\. Write/,
    ],
    [
      '- { name: a, prefixLength: 24, service: aiSearch, service: cosmosDb }',
      "Line 1: The key 'service' is already defined. Each key may appear once",
    ],
    ['- { name: a, prefixLenght: 24 }', "The key 'prefixLenght' is not known. Did you mean 'prefixLength'?"],
    ['- { name: a, prefixLength: 24, "\\n::error::": 3 }', "The key '⏎::error::' is not known."],
    ['- !!omap { name: a, prefixLength: 24 }', 'Line 1: This is not valid YAML'],
    ['- { name: a, prefixLength: 24 }\n---\n- a', 'Line 2: A second document begins here'],
    [`${'['.repeat(20_000)}${']'.repeat(20_000)}`, /read\. Line 1: This is nested too deeply\. Write/],
    ['- &a { name: a, prefixLength: 24 }\n- *a', "Line 2: Aliases such as '*a' are not allowed."],
    [`- ${'x'.repeat(200_000)}`, 'Line 1: This has more than 200000 characters, and no more are read.'],
  ])('%j are refused: %s', (text, message) => {
    expect(() => readSubnetSpecs('subnets', text)).toThrow(message)
  })
})

describe('Names of subnets', () => {
  test.each([
    ['a, b\n c\n'],
    ['- a\n- b\n- c'],
    ['["a", "b", "c"]'],
    ['- { name: a, prefixLength: 24 }\n- name: b\n- c'],
  ])('are read from %j', (text) => {
    expect(readSubnetNames('subnets', text)).toEqual(['a', 'b', 'c'])
  })

  test.each([
    ['a\n../b', "Line 2: '../b' is not a name of a subnet."],
    ['- a\n- { prefixLength: 24 }', 'Line 2:'],
    ['[]', 'There is no name.'],
    [',', 'There is no name.'],
  ])('in %j are refused: %s', (text, message) => {
    expect(() => readSubnetNames('subnets', text)).toThrow(message)
  })
})
