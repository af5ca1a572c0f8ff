/** User-defined types of templates, for parameters and outputs. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Json, JsonObject } from './expressions/json.ts'
import { faultOf } from './template/type-check.ts'
import {
  caller,
  errorIn,
  groupId,
  groupTemplate,
  type StubAzure,
  startStubAzure,
  validateTemplate,
} from './testing/stub-azure.ts'

let azure: StubAzure
beforeAll(async () => {
  azure = await startStubAzure()
  await azure.engine.put(groupId('rg'), '', { location: 'swedencentral' }, caller)
})
afterAll(() => azure.close())

const definitions = {
  port: { type: 'int', minValue: 1, maxValue: 65_535 },
  subnet: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 8 },
      size: { type: 'int', nullable: true },
      ports: { type: 'array', items: { $ref: '#/definitions/port' }, maxLength: 2, nullable: true },
    },
    additionalProperties: false,
  },
  tags: { type: 'object', additionalProperties: { type: 'string', allowedValues: ['a', 'b'] } },
  pair: {
    type: 'array',
    prefixItems: [{ type: 'string' }, { type: 'int' }],
    items: false,
  },
  animal: {
    type: 'object',
    discriminator: {
      propertyName: 'kind',
      mapping: {
        cat: { type: 'object', properties: { kind: { type: 'string' }, lives: { type: 'int' } } },
        dog: { type: 'object', properties: { kind: { type: 'string' }, name: { type: 'string' } } },
      },
    },
  },
  tree: {
    type: 'object',
    properties: { left: { $ref: '#/definitions/tree', nullable: true }, value: { type: 'int' } },
  },
}

const withType = (type: string): Record<string, unknown> =>
  groupTemplate(
    {},
    {
      languageVersion: '2.0',
      definitions,
      parameters: { p: { $ref: `#/definitions/${type}` } },
    },
  )

const answer = async (type: string, value: unknown): Promise<string> =>
  errorIn((await validateTemplate(azure, withType(type), { p: { value } })).body)

describe('a parameter with a type of the template', () => {
  test.each<[string, unknown, string]>([
    ['port', 443, 'no error'],
    ['port', 0, "parameter 'p' is not valid. The value should be greater than or equal to '1'"],
    ['port', '443', "Expected a value of type 'Integer', but received a value of type 'String'"],
    ['subnet', { name: 'a' }, 'no error'],
    ['subnet', { name: 'a', size: null, ports: [80] }, 'no error'],
    ['subnet', {}, "required properties were not present: ['name']"],
    ['subnet', { name: 'too-long-a-name' }, "parameter 'p.name' is not valid. Length of the value"],
    [
      'subnet',
      { name: 'a', ports: [80, 70_000] },
      "parameter 'p.ports[1]' is not valid. The value should be less",
    ],
    ['subnet', { name: 'a', ports: [1, 2, 3] }, "parameter 'p.ports' is not valid. Length of the value"],
    ['subnet', { name: 'a', nmae: 1, x: 2 }, "following unknown properties were present: ['nmae', 'x']"],
    ['tags', { any: 'a', other: 'b' }, 'no error'],
    [
      'tags',
      { any: 'c' },
      "parameter 'p.any' is not valid. The value 'c' is not part of the allowed value(s): 'a,b'",
    ],
    ['pair', ['a', 1], 'no error'],
    ['pair', [1, 1], "parameter 'p[0]' is not valid"],
    ['pair', ['a', 1, 2], "not have more than '2' item(s)"],
    ['animal', { kind: 'cat', lives: 9 }, 'no error'],
    ['animal', { kind: 'cat', name: 'x' }, "required properties were not present: ['lives']"],
    ['animal', { kind: 'cow' }, "must be one of 'cat, dog'"],
    ['animal', { lives: 9 }, "discriminator property 'kind' is required"],
    ['tree', { value: 1, left: { value: 2, left: null } }, 'no error'],
    ['tree', { value: 1, left: { value: 'x' } }, "parameter 'p.left.value' is not valid"],
  ])('%s %j: %s', async (type, value, expected) => {
    expect(await answer(type, value)).toContain(expected)
  })

  test('has a default of that type too, and may be null when it says so', async () => {
    const template = (p: object): unknown =>
      groupTemplate({}, { languageVersion: '2.0', definitions, parameters: { p } })
    const check = async (p: object): Promise<string> =>
      errorIn((await validateTemplate(azure, template(p))).body)
    expect(await check({ $ref: '#/definitions/port', defaultValue: 0 })).toContain(
      "parameter 'p' is not valid",
    )
    expect(await check({ $ref: '#/definitions/port', nullable: true })).toBe('no error')
    expect(await check({ $ref: '#/definitions/port' })).toContain('is not provided')
    expect(await check({ $ref: '#/definitions/nothing' })).toContain(
      "'#/definitions/nothing' could not be resolved",
    )
  })
})

describe('an output', () => {
  const deploy = async (outputs: object, rest: object = {}): Promise<string> =>
    errorIn(
      (await validateTemplate(azure, groupTemplate(rest === modern ? {} : [], { outputs, ...rest }))).body,
    )
  const modern = { languageVersion: '2.0', definitions }

  test('has the type that it says', async () => {
    expect(await deploy({ o: { type: 'int', value: 'x' } })).toContain(
      "Template output JToken type is not valid. Expected 'Integer'. Actual 'String'",
    )
    expect(await deploy({ o: { type: 'string', value: null } })).toContain("Actual 'Null'")
    expect(await deploy({ o: { type: 'array', copy: { count: 2, input: '[copyIndex()]' } } })).toBe(
      'no error',
    )
    expect(await deploy({ o: { type: 'int', copy: { count: 2, input: 1 } } })).toContain("Actual 'Array'")
    expect(await deploy({ o: { type: 'int', condition: false, value: 'x' } })).toBe('no error')
  })

  test('may have a type of the template', async () => {
    const output = (value: unknown): object => ({ o: { $ref: '#/definitions/subnet', value } })
    expect(await deploy(output({ name: 'a' }), modern)).toBe('no error')
    expect(await deploy(output({ name: 'a', x: 1 }), modern)).toContain(
      "unknown properties were present: ['x']",
    )
    expect(await deploy({ o: { type: 'string', nullable: true, value: '[null()]' } }, modern)).toBe(
      'no error',
    )
  })

  test('is checked when it is evaluated, and names itself', async () => {
    const template = groupTemplate([{ type: 'Microsoft.Test/things', apiVersion: '2024-01-01', name: 'a' }], {
      outputs: { o: { type: 'int', value: "[reference('a').provisioningState]" } },
    })
    await azure.deployments.deployments
      .createOrUpdate(
        'rg',
        'typed',
        { properties: { mode: 'Incremental', template } },
        { updateIntervalInMs: 5 },
      )
      .catch(() => undefined)
    const { properties } = await azure.deployments.deployments.get('rg', 'typed')
    expect(properties?.error?.details?.[0]).toMatchObject({
      code: 'DeploymentOutputEvaluationFailed',
      message: expect.stringContaining("Unable to evaluate template outputs: 'o'"),
      details: [{ target: 'o', message: expect.stringContaining("The template output 'o' is not valid") }],
    })
  })
})

test('types of its own need a language version', async () => {
  const of = async (p: object): Promise<string> =>
    errorIn((await validateTemplate(azure, groupTemplate([], { parameters: { p } }))).body)
  expect(await of({ type: 'array', items: { type: 'int' }, defaultValue: [] })).toContain(
    "Template language version must be specified in order to use feature 'AggregateTypeValidation'",
  )
  expect(await of({ type: 'int', nullable: true })).toContain('Template language version must be specified')
  expect(await of({ type: 'strin', defaultValue: 'x' })).toContain('Error converting value "strin" to type')
})

describe('the algebra of types', () => {
  interface Typed {
    readonly type: JsonObject
    readonly value: Json
  }
  const plain: fc.Arbitrary<Typed> = fc.oneof(
    fc.string().map((value) => ({ type: { type: 'string', maxLength: value.length }, value })),
    fc.integer().map((value) => ({ type: { type: 'int', minValue: value, allowedValues: [value] }, value })),
    fc.boolean().map((value) => ({ type: { type: 'bool' }, value })),
  )
  const { typed } = fc.letrec<{ typed: Typed }>((tie) => ({
    typed: fc.oneof(
      { maxDepth: 3 },
      plain,
      fc.array(tie('typed'), { maxLength: 3 }).map((items) => ({
        type: { type: 'array', prefixItems: items.map(({ type }) => type), items: false },
        value: items.map(({ value }) => value),
      })),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('typed'), { maxKeys: 3 }).map((parts) => ({
        type: {
          type: 'object',
          properties: Object.fromEntries(Object.entries(parts).map(([key, { type }]) => [key, type])),
          additionalProperties: false,
        },
        value: Object.fromEntries(Object.entries(parts).map(([key, { value }]) => [key, value])),
      })),
    ),
  }))

  test('a value fits the type that was made from it', () => {
    fc.assert(fc.property(typed, ({ type, value }) => faultOf(type, value, {}) === undefined))
  })

  test('through a reference the same is true and false as without', () => {
    fc.assert(
      fc.property(typed, typed, ({ type }, { value }) => {
        const direct = faultOf(type, value, {})
        expect(faultOf({ $ref: '#/definitions/t' }, value, { t: type })).toEqual(direct)
      }),
    )
  })

  test('null fits exactly the types that are nullable', () => {
    fc.assert(
      fc.property(typed, fc.boolean(), ({ type }, nullable) => {
        expect(faultOf({ ...type, nullable }, null, {}) === undefined).toBe(nullable)
      }),
    )
  })

  test('one thing more, and a sealed value fits no longer', () => {
    fc.assert(
      fc.property(typed, ({ type, value }) => {
        if (Array.isArray(value)) expect(faultOf(type, [...value, 1], {})).toBeDefined()
        else if (typeof value === 'object' && value !== null)
          expect(faultOf(type, { ...value, more_than_that: 1 }, {})).toBeDefined()
      }),
    )
  })
})
