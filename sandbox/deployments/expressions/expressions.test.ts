/** The template language, by the examples of Microsoft's documentation. */

import { describe, expect, test } from '@jest/globals'
import type { Json } from './json.ts'
import { resolve } from './resolve.ts'
import { evaluate, group, scopeWith, subscriptionId } from './testing/example-scope.ts'

describe('the examples of the documentation', () => {
  test.each<[string, Json]>([
    // strings
    ["base64('one, two, three')", 'b25lLCB0d28sIHRocmVl'],
    ["base64ToString('b25lLCB0d28sIHRocmVl')", 'one, two, three'],
    ["concat('prefix', '-', 'end')", 'prefix-end'],
    ["concat(createArray('1-1', '1-2'), createArray('2-1'))", ['1-1', '1-2', '2-1']],
    ["contains('OneTwoThree', 'e')", true],
    ["contains('OneTwoThree', 'z')", false],
    ["contains(createArray('one', 'two'), 'two')", true],
    ["contains(createObject('one', 'a'), 'one')", true],
    ["dataUriToString('data:;base64,SGVsbG8sIFdvcmxkIQ==')", 'Hello, World!'],
    ["endsWith('abcdef', 'ef')", true],
    ["endsWith('abcdef', 'F')", true],
    ["startsWith('abcdef', 'AB')", true],
    [
      "format('{0}, {1}. Formatted number: {2:N0}', 'Hello', 'User', 8175133)",
      'Hello, User. Formatted number: 8,175,133',
    ],
    ["format('{{{0}}}-{1:D3}', 'a', 7)", '{a}-007'],
    ["indexOf('abcdef', 'CD')", 2],
    ["indexOf('test', 'z')", -1],
    ["lastIndexOf('test', 't')", 3],
    ["join(createArray('one', 'two'), ',')", 'one,two'],
    ["padLeft('123', 10, '0')", '0000000123'],
    ["replace('123-123-1234', '-', '')", '1231231234'],
    ["split('one,two,three', ',')", ['one', 'two', 'three']],
    ["split('one;two,three', createArray(',', ';'))", ['one', 'two', 'three']],
    ["substring('one two three', 4, 3)", 'two'],
    ["toLower('One TWO')", 'one two'],
    ["toUpper('One')", 'ONE'],
    ["trim('    one two three   ')", 'one two three'],
    ["uri('http://contoso.org/firstpath/', 'myscript.sh')", 'http://contoso.org/firstpath/myscript.sh'],
    ["uriComponent('http://contoso.org')", 'http%3A%2F%2Fcontoso.org'],
    ["string(createArray('a', 1))", '["a",1]'],
    // arrays and objects
    ["array('a')", ['a']],
    ['createArray(1, 2)', [1, 2]],
    ["empty('')", true],
    ["empty(createArray('a'))", false],
    ["first('One')", 'O'],
    ["last(createArray('one', 'three'))", 'three'],
    ["take('onetwothree', 2)", 'on'],
    ["take(createArray('one', 'two', 'three'), 2)", ['one', 'two']],
    ["skip('one two three', 4)", 'two three'],
    ["skip(createArray('one', 'two'), 5)", []],
    ["length('One Two Three')", 13],
    ['range(5, 3)', [5, 6, 7]],
    ["union(createArray('one', 'two'), createArray('two', 'four'))", ['one', 'two', 'four']],
    [
      "union(createObject('a', createObject('x', 1)), createObject('a', createObject('y', 2)))",
      { a: { x: 1, y: 2 } },
    ],
    ['intersection(createArray(1, 2, 3), createArray(3, 4))', [3]],
    [
      "intersection(createObject('one', 'a', 'two', 'b'), createObject('one', 'a', 'two', 'c'))",
      { one: 'a' },
    ],
    [
      "items(createObject('b', 2, 'a', 1))",
      [
        { key: 'a', value: 1 },
        { key: 'b', value: 2 },
      ],
    ],
    ["flatten(createArray(createArray('one'), createArray('two')))", ['one', 'two']],
    ['json(\'{"a": "b"}\').a', 'b'],
    ["tryGet(createObject('a', 1), 'b')", null],
    ["tryGet(createObject('a', createArray('x')), 'a', 0)", 'x'],
    ["indexFromEnd(createArray('a', 'b', 'c'), 1)", 'c'],
    ["tryIndexFromEnd(createArray('a', 'b'), 2)", 'a'],
    ["tryIndexFromEnd(createArray('a', 'b'), 3)", null],
    ['tryIndexFromEnd(null(), 1)', null],
    // zones, who deploys
    ["pickZones('Microsoft.Network', 'publicIPAddresses', 'westus2')", ['1']],
    ["pickZones('Microsoft.Compute', 'virtualMachines', 'Sweden Central', 2, 2)", ['3', '1']],
    ["pickZones('Microsoft.Network', 'publicIPAddresses', 'northcentralus')", []],
    ["pickZones('Microsoft.Cdn', 'profiles', 'westus2')", []],
    ['deployer().objectId', 'o'],
    ['subscription().displayName', 'Example'],
    // numbers
    ['add(5, 3)', 8],
    ['div(8, 3)', 2],
    ['mod(7, 3)', 1],
    ['mul(5, 3)', 15],
    ['sub(7, 3)', 4],
    ["int('4')", 4],
    ['max(createArray(0, 3, 2))', 3],
    ['min(0, 3, 2)', 0],
    // logic
    ["and(bool('true'), bool('false'))", false],
    ["or(bool('true'), bool('false'))", true],
    ['not(equals(1, 2))', true],
    ["coalesce(null(), 'a')", 'a'],
    ["equals('a', 'A')", false],
    ['less(1, 2)', true],
    ["bool('1')", true],
    // lambdas
    ["map(createArray('a', 'b'), lambda('x', concat(lambdaVariables('x'), '!')))", ['a!', 'b!']],
    ["map(createArray('a', 'b'), lambda('x', 'i', lambdaVariables('i')))", [0, 1]],
    ["filter(range(0, 5), lambda('n', greater(lambdaVariables('n'), 2)))", [3, 4]],
    ["reduce(range(1, 4), 0, lambda('all', 'n', add(lambdaVariables('all'), lambdaVariables('n'))))", 10],
    [
      "sort(createArray(3, 1, 2), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))",
      [1, 2, 3],
    ],
    ["toObject(createArray('a'), lambda('x', lambdaVariables('x')), lambda('x', 1))", { a: 1 }],
    // dates, networks
    ["dateTimeAdd('2020-04-07 14:53:14Z', 'P3Y')", '2023-04-07T14:53:14Z'],
    ["dateTimeAdd('2020-04-07 14:53:14Z', '-P9D')", '2020-03-29T14:53:14Z'],
    ["dateTimeAdd('2020-04-07 14:53:14Z', 'PT1H')", '2020-04-07T15:53:14Z'],
    ["cidrSubnet('10.144.0.0/20', 24, 2)", '10.144.2.0/24'],
    ["cidrHost('10.144.3.0/24', 0)", '10.144.3.1'],
    ["parseCidr('10.144.0.0/20').lastUsable", '10.144.15.254'],
    ["parseCidr('10.144.0.0/20').netmask", '255.255.240.0'],
    // resources
    [
      "resourceId('Microsoft.Storage/storageAccounts/', 'a')",
      `${group}/providers/Microsoft.Storage/storageAccounts/a`,
    ],
    [
      "resourceId('Microsoft.Network/virtualNetworks/subnets', 'v', 's')",
      `${group}/providers/Microsoft.Network/virtualNetworks/v/subnets/s`,
    ],
    [
      "resourceId('other', 'Microsoft.Storage/storageAccounts', 'a')",
      `/subscriptions/${subscriptionId}/resourceGroups/other/providers/Microsoft.Storage/storageAccounts/a`,
    ],
    [
      "resourceId('11111111-1111-1111-1111-111111111111', 'other', 'Microsoft.Storage/storageAccounts', 'a')",
      '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/other/providers/Microsoft.Storage/storageAccounts/a',
    ],
    [
      "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'r')",
      `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/r`,
    ],
    [
      "tenantResourceId('Microsoft.Authorization/roleDefinitions', 'r')",
      '/providers/Microsoft.Authorization/roleDefinitions/r',
    ],
    [
      "extensionResourceId(resourceGroup().id, 'Microsoft.Authorization/locks', 'l')",
      `${group}/providers/Microsoft.Authorization/locks/l`,
    ],
    ['resourceGroup().location', 'swedencentral'],
    ['subscription().subscriptionId', subscriptionId],
    ["parameters('list')[1]", 'second'],
    ["parameters('deep').Inner['key']", 'value'],
    // quoting
    ["concat('It''s', ' ', 'fine')", "It's fine"],
  ])('%s', (expression, expected) => {
    const values = { list: ['first', 'second'], deep: { inner: { key: 'value' } } }
    expect(evaluate(expression, values)).toEqual(expected)
  })

  test('uniqueString is the hash that Azure makes', () => {
    expect(evaluate("uniqueString('test')")).toBe('rbgf3xv4ufgzg')
    expect(evaluate("uniqueString('hello', 'world')")).toBe('a7wkljktk6wne')
    expect(evaluate("uniqueString('foo', 'bar', 'baz')")).toBe('xzi4ioaxtmth4')
    expect(
      evaluate("uniqueString('/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/my-rg')"),
    ).toBe('bmg7c6xu4tw46')
  })

  test('guid is the version 5 UUID in the namespace of Azure', () => {
    expect(evaluate("guid('a', 'b')")).toBe(evaluate("guid('a-b')"))
    expect(evaluate("guid('a')")).toMatch(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  })
})

describe('what is text, and what is an expression', () => {
  test('two brackets make a text that begins with one', () => {
    expect(resolve("[[concat('a')]", scopeWith())).toBe("[concat('a')]")
    expect(resolve('[not closed', scopeWith())).toBe('[not closed')
  })

  test('keys are evaluated too', () => {
    expect(resolve({ "[concat('a', 'b')]": 1 }, scopeWith())).toEqual({ ab: 1 })
  })

  test('a property loop makes a list', () => {
    const value = { copy: [{ name: 'disks', count: 2, input: { lun: "[copyIndex('disks', 1)]" } }] }
    expect(resolve(value, scopeWith())).toEqual({ disks: [{ lun: 1 }, { lun: 2 }] })
  })
})

describe('what is refused', () => {
  test.each([
    ["frobnicate('a')", "The template function 'frobnicate' is not valid"],
    ["concat('a'", "expected token 'RightParenthesis' and actual 'EndOfData'"],
    ["concat('a'))", "expected token 'EndOfData' and actual 'RightParenthesis'"],
    ["concat 'a'", "expected token 'LeftParenthesis' and actual 'StringLiteral'"],
    ['add(1;2)', "the string character ';' at position '5' is not expected"],
    ['add(1)', "requires '2' argument(s)"],
    ["add('a', 1)", "expected to be 'Integer'"],
    ['div(1, 0)', 'divide by zero'],
    ["parameters('deep').nothing", "property 'nothing' doesn't exist, available properties are 'inner'"],
    ["parameters('list')[9]", "array index '9' is out of bounds"],
    ["substring('abc', 2, 5)", 'must refer to a location within the string'],
    [
      "resourceId('Microsoft.Network/virtualNetworks/subnets', 'v')",
      "requires '2' resource name argument(s)",
    ],
    ["indexFromEnd(createArray('a'), 2)", "the array index '2' from the end is out of bounds"],
    ["pickZones('Microsoft.Compute', 'disks', 'westus2', 4)", 'between 1 and 3'],
    ["fail('Say why.')", 'Say why.'],
    ["toLogicalZone('s', 'westus2', 'z')", "function 'toLogicalZone' is not supported by this cloud"],
    ["providers('Microsoft.Storage')", "function 'providers' is not supported by this cloud"],
    ['managementGroup()', 'not expected at this location'],
    ['utcNow()', 'default values of parameters only'],
    ['copyIndex()', 'can only be used in a resource with copy'],
    ["reference('x')", 'not expected at this location'],
    ["if('yes', 1, 2)", "expected to be of type 'Boolean'"],
    [`concat('${'x'.repeat(24_600)}')`, 'length limit exceeded'],
  ])('%.60s', (expression, message) => {
    expect(() => evaluate(expression, { deep: { inner: 1 }, list: [1] })).toThrow(message)
  })
})
