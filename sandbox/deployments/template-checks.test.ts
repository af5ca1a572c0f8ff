/** What Azure refuses before anything is deployed, wherever in the template it stands. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  caller,
  errorIn,
  groupId,
  groupTemplate,
  nested,
  type StubAzure,
  startStubAzure,
  thing,
  validateTemplate,
} from './testing/stub-azure.ts'

let azure: StubAzure
beforeAll(async () => {
  azure = await startStubAzure()
  await azure.engine.put(groupId('rg'), '', { location: 'swedencentral' }, caller)
})
afterAll(() => azure.close())

const answer = async (template: unknown): Promise<string> =>
  errorIn((await validateTemplate(azure, template)).body)
const modern = { languageVersion: '2.0' }

describe('an expression that cannot be parsed refuses the template', () => {
  const places: readonly (readonly [string, (expression: string) => unknown])[] = [
    ['in an output', (value) => groupTemplate([], { outputs: { o: { type: 'string', value } } })],
    [
      'in an output whose condition is false',
      (value) => groupTemplate([], { outputs: { o: { type: 'string', condition: false, value } } }),
    ],
    ['in an unused variable', (value) => groupTemplate([], { variables: { v: { deep: [value] } } })],
    [
      'in the loop of a variable',
      (input) => groupTemplate([], { variables: { copy: [{ name: 'v', count: 1, input }] } }),
    ],
    [
      'in the default of a parameter',
      (defaultValue) => groupTemplate([], { parameters: { p: { type: 'string', defaultValue } } }),
    ],
    [
      'in a function that nobody calls',
      (value) =>
        groupTemplate([], {
          functions: [{ namespace: 'own', members: { f: { output: { type: 'string', value } } } }],
        }),
    ],
    ['in the condition of a resource', (condition) => groupTemplate([thing('a', { condition })])],
    [
      'in a disabled resource',
      (value) => groupTemplate([thing('a', { condition: false, properties: { list: [{ value }] } })]),
    ],
    ['in a key', (key) => groupTemplate([thing('a', { properties: { [key]: 1 } })])],
    [
      'in the child of a resource',
      (value) => groupTemplate([thing('a', { resources: [{ ...thing('b'), properties: { value } }] })]),
    ],
    [
      'in an existing resource',
      (name) => groupTemplate({ a: { existing: true, ...thing('a'), name } }, modern),
    ],
    [
      'in a nested template',
      (value) =>
        groupTemplate([nested('n', 'rg', groupTemplate([], { outputs: { o: { type: 'string', value } } }))]),
    ],
    [
      'in a loop that never turns',
      (value) => groupTemplate([thing('a', { copy: { name: 'c', count: 0 }, properties: { value } })]),
    ],
  ]

  test.each(places)('%s', async (_, template) => {
    expect(await answer(template("[concat('a'))]"))).toMatch(
      /^InvalidTemplate: .*Unable to parse language expression 'concat\('a'\)\)': expected token 'EndOfData' and actual 'RightParenthesis'/,
    )
    expect(await answer(template("[nonsense('a')]"))).toContain(
      "The template function 'nonsense' is not valid",
    )
    expect(await answer(template("[parameters('none')]"))).toContain("parameter 'none' is not found")
  })
})

describe('a function at a place where Azure does not expect it refuses the template', () => {
  test.each<[string, unknown]>([
    ['reference', groupTemplate([], { variables: { v: "[reference('a').x]" } })],
    ['listKeys', groupTemplate([thing('a', { condition: false, name: "[listKeys('a', '1').x]" })])],
    ['reference', groupTemplate([thing('a', { condition: "[reference('b').x]" })])],
    ['utcNow', groupTemplate([thing('a', { condition: false, properties: { at: '[utcNow()]' } })])],
    ['newGuid', groupTemplate([], { outputs: { o: { type: 'string', value: '[newGuid()]' } } })],
    [
      'variables',
      groupTemplate([], {
        variables: { v: 1 },
        parameters: { p: { type: 'int', defaultValue: "[variables('v')]" } },
      }),
    ],
  ])('%s', async (name, template) => {
    expect(await answer(template)).toContain(
      `The template function '${name}' is not expected at this location`,
    )
  })
})

test('a variable that cannot be evaluated refuses the template, though nothing uses it', async () => {
  const variables = { list: ['a'], v: "[variables('list')[7]]" }
  expect(await answer(groupTemplate([], { variables }))).toContain(
    "The template variable 'v' is not valid: The language expression property array index '7' is out of bounds",
  )
})

test('an output that cannot be evaluated refuses the template, one that waits for a resource does not', async () => {
  const outputs = (value: string) => ({ outputs: { o: { type: 'string', value } } })
  expect(await answer(groupTemplate([], outputs("[substring('abc', 9)]")))).toContain(
    "The template output 'o' at line '1' and column '1' is not valid",
  )
  expect(await answer(groupTemplate([thing('a')], outputs("[reference('a').x]")))).toBe('no error')
})

test('reference() names a resource of the template, or an id', async () => {
  const properties = { x: "[reference('elsewhere').y]" }
  expect(await answer(groupTemplate([thing('a', { properties })]))).toContain(
    "The template reference 'elsewhere' is not valid: could not find template resource or resource copy with this name. Please see https://aka.ms/arm-function-reference",
  )
  expect(
    await answer(groupTemplate([], { outputs: { o: { type: 'object', value: "[reference('b')]" } } })),
  ).toContain("The template reference 'b' is not valid")
})

describe('a member that Azure does not know refuses the template', () => {
  test.each<[string, unknown, string, string]>([
    ['of the template', groupTemplate([], { parameter: {} }), 'Template', 'parameter'],
    [
      'of a resource',
      groupTemplate([thing('a', { apiVersion1: 'x' })]),
      'TemplateResource',
      'resources[0].apiVersion1',
    ],
    [
      'of a resource with a symbolic name',
      groupTemplate({ a: thing('a', { propertis: {} }) }, modern),
      'TemplateResource',
      'resources.a.propertis',
    ],
    [
      'of a child',
      groupTemplate([thing('a', { resources: [thing('b', { dependOn: [] })] })]),
      'TemplateResource',
      'resources[0].resources[0].dependOn',
    ],
    [
      'of a parameter',
      groupTemplate([], { parameters: { p: { type: 'int', default: 1 } } }),
      'TemplateInputParameter',
      'parameters.p.default',
    ],
    [
      'of an output',
      groupTemplate([], { outputs: { o: { type: 'int', vaule: 1 } } }),
      'TemplateOutputParameter',
      'outputs.o.vaule',
    ],
  ])('%s', async (_, template, kind, path) => {
    const member = /[^.]+$/.exec(path)?.[0]
    expect(await answer(template)).toMatch(
      `InvalidRequestContent: The request content was invalid and could not be deserialized: 'Could not find member '${member}' on object of type '${kind}'. Path 'properties.template.${path}', line `,
    )
  })

  test('in a nested template too, which is read later', async () => {
    const inner = groupTemplate([], { parameters2: {} })
    expect(await answer(groupTemplate([nested('n', 'rg', inner)]))).toContain(
      "InvalidTemplate: Deployment template parse failed: 'Could not find member 'parameters2' on object of type 'Template'",
    )
  })

  test('but the case of its letters does not matter', async () => {
    const { type, ...rest } = thing('a')
    expect(await answer(groupTemplate([{ Type: type, ...rest, Properties: {} }]))).toBe('no error')
  })

  test('symbolic names belong to language version 2.0, and there is no other form there', async () => {
    expect(await answer(groupTemplate({ a: thing('a') }))).toContain('InvalidRequestContent')
    expect(await answer(groupTemplate([thing('a')], modern))).toContain('InvalidRequestContent')
  })
})

test.each<[string, object]>([
  ['extensions', { extensions: { graph: { name: 'MicrosoftGraph', version: '1.0.0' } } }],
  ['imports', { imports: { graph: { provider: 'MicrosoftGraph', version: '1.0.0' } } }],
  ['asserts', { asserts: { a: true } }],
])('%s, which this cloud does not have', async (name, rest) => {
  expect(await answer(groupTemplate({}, { ...modern, ...rest }))).toContain(
    `The template property '${name}' is not supported by this cloud`,
  )
})

test('whatever stands in a template, it is taken or refused in Azure’s form, and never breaks', async () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.string().map((text) => `[${text}]`),
    fc.constantFrom(
      "[parameters('p')]",
      "[variables('v')]",
      '[copyIndex()]',
      "[reference('a')]",
      '[own.f(1)]',
    ),
  )
  const template = fc.record(
    {
      parameters: value,
      variables: fc.oneof(value, fc.record({ v: value })),
      functions: value,
      outputs: fc.oneof(value, fc.record({ o: fc.record({ type: value, value }) })),
      definitions: value,
      languageVersion: fc.constantFrom('2.0', '1.0', 'x'),
      resources: fc.oneof(
        value,
        fc.array(fc.record({ type: value, name: value, apiVersion: value, properties: value })),
      ),
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(template, async (parts) => {
      const { status, body } = await validateTemplate(azure, { ...groupTemplate([]), ...parts })
      expect([200, 400]).toContain(status)
      if (status === 400)
        expect(errorIn(body)).toMatch(/^Invalid(Template|RequestContent|TemplateDeployment): /)
    }),
    { numRuns: 300 },
  )
})
