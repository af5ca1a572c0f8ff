import { describe, expect, test } from '@jest/globals'
import { projectResourceIds } from '../../src/compose/project-context.ts'
import type { ResolvedProject } from '../../src/manifest/resolved.ts'
import { readSubnets } from '../../src/operations/provision/subnets-input.ts'
import { exampleNames, exampleProject } from '../fixtures/projects.ts'

const contextOf = (project: ResolvedProject) => {
  const names = exampleNames(project)
  return { project, names, ids: projectResourceIds(project, names) }
}
const context = contextOf(exampleProject('esml', 'dev'))
const genai = {
  name: 'snt-prj001-genai',
  addressPrefix: '172.16.0.0/25',
  state: 'existing',
  delegation: '',
  id: `${context.ids.virtualNetwork}/subnets/snt-prj001-genai`,
}
const pooled = { addressPools: [{ id: '/pool', numberOfIpAddresses: '128' }] }
const read = (value: unknown, where = context) => readSubnets(JSON.stringify(value), where)

describe("a subnet of the project's own", () => {
  test.each([
    ['as ip-calc found it', genai],
    ['with its id in another case', { ...genai, id: genai.id.toUpperCase() }],
    ['as ip-calc planned it offline, without an id', { ...genai, id: '', state: 'planned' }],
    ['whose addresses a pool chose', { ...genai, attachments: pooled }],
    [
      'whose addresses a pool is to choose',
      { ...genai, addressPrefix: '', state: 'planned', attachments: pooled },
    ],
  ])('is taken %s', (_what, subnet) => {
    expect(read({ genai: subnet })).toEqual({ genai: subnet })
  })

  test.each([
    [
      "with another project's name",
      { ...genai, name: 'snt-prj002-genai' },
      /has the name "snt-prj002-genai"/,
    ],
    ['with a name that an expression would be', { ...genai, name: 'x[concat(1)]' }, /has the name/],
    [
      'in another VNet',
      { ...genai, id: genai.id.replace('vnt-', 'other-') },
      /not in the factory's VNet .*network\.vnetId/,
    ],
    [
      'without addresses',
      { ...genai, addressPrefix: '', state: 'planned' },
      /Its 'genai.addressPrefix' is not as ip-calc writes it/,
    ],
    [
      'that exists, and whose addresses a pool is yet to choose',
      { ...genai, addressPrefix: '', attachments: pooled },
      /Its 'genai.addressPrefix' is not as ip-calc writes it/,
    ],
    [
      'that is another subnet',
      { ...genai, id: `${genai.id}2` },
      /is in the factory's VNet, but the project's subnet there is called snt-prj001-genai/,
    ],
    ['with an id that is none', { ...genai, id: '/subscriptions/other/x' }, /not in the factory's VNet/],
  ])('is refused %s', (_what, subnet, expected) => {
    expect(() => read({ genai: subnet })).toThrow(expected)
  })
})

describe('a bring-your-own subnet', () => {
  const id =
    '/subscriptions/77777777-7777-7777-7777-777777777777/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub/subnets/endpoints'
  const where = contextOf(exampleProject('esml', 'dev', { subnets: { genai: { id } } }))
  const byo = { ...genai, name: 'endpoints', id }

  test('is taken when it is the one of the manifest', () => {
    expect(read({ genai: byo }, where)).toEqual({ genai: byo })
  })

  test.each([genai.id, '', `${id}2`])('is refused when it is another: %s', (other) => {
    expect(() => read({ genai: { ...byo, id: other } }, where)).toThrow(
      `Its 'genai' is not ${id}, the bring-your-own subnet of the manifest.`,
    )
  })
})

describe('an input that ip-calc did not write', () => {
  const allowed =
    /^Input 'subnets' cannot be used\. (.+) Pass the output 'subnets' of ip-calc unchanged, or leave the input out/
  test.each<[string, string]>([
    ['{"genai": {"name"', 'It is not valid JSON.'],
    ['[]', 'It is not a JSON object.'],
    ['null', 'It is not a JSON object.'],
    [
      JSON.stringify({ genai: { ...genai, state: 'gone' } }),
      "Its 'genai.state' is not as ip-calc writes it.",
    ],
    [JSON.stringify({ genai: { ...genai, id: 7 } }), "Its 'genai.id' is not as ip-calc writes it."],
    [JSON.stringify({ genia: genai }), "Its 'genia' is not as ip-calc writes it."],
  ])('is refused in one sentence: %s', (text, sentence) => {
    const [, why] = allowed.exec(messageOf(text)) ?? []
    expect(why).toBe(sentence)
  })
})

const messageOf = (text: string): string => {
  try {
    readSubnets(text, context)
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  return ''
}

describe('a key that is the name of something else', () => {
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s brings nothing along', (key) => {
    expect(() => readSubnets(`{"${key}":{"genai":${JSON.stringify(genai)}}}`, context)).toThrow(
      "Input 'subnets' cannot be used.",
    )
    const text = `{"${key}":${JSON.stringify(genai)},"genai":${JSON.stringify(genai)}}`
    const outcome = (() => {
      try {
        return readSubnets(text, context)
      } catch {
        return 'refused'
      }
    })()
    expect(['refused', { genai }]).toContainEqual(outcome)
    expect(Object.keys({})).toEqual([])
  })
})
