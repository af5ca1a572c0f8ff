/** What set-up writes into factory.yml, and what it leaves alone. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { documentOf, loadFactory } from '../../src/manifest/load.ts'
import { type WrittenKeys, writeIdentities } from '../../src/manifest/write-identities.ts'
import { environments } from '../../src/vocabulary.ts'
import { exampleText } from './examples.ts'

const id = (last: string): string => `33333333-3333-3333-3333-3333333333${last}`
const example = exampleText('factory.yml')
const documentIn = (text: string) => documentOf(loadFactory(text, 'factory.yml')).document

const all = (last: string) => ({
  clientId: id(`${last}1`),
  plan: { clientId: id(`${last}2`) },
  people: { clientId: id(`${last}3`), objectId: id(`${last}4`) },
})

/** The lines that differ, as a diff shows them. */
const difference = (before: string, after: string): readonly string[] => {
  const old = before.split('\n')
  const now = after.split('\n')
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ]
}

test('everything is new: lines are added, and no other changes', () => {
  const before = example.replaceAll(/^ {4}clientId:.*\n/gm, '')
  const after = writeIdentities(before, {
    repository: 'contoso/ai-factory',
    environments: { dev: all('1') },
  })
  expect(difference(before, after)).toEqual([
    '+ repository: contoso/ai-factory',
    `+     clientId: ${id('11')}`,
    '+     identities:',
    `+       plan: { clientId: ${id('12')} }`,
    `+       people: { clientId: ${id('13')}, objectId: ${id('14')} }`,
  ])
})

test('another value takes the place of the old one, and the comment behind it stays', () => {
  const after = writeIdentities(example, { environments: { dev: { clientId: id('99') } } })
  expect(difference(example, after)).toEqual([
    '-     clientId: 33333333-3333-3333-3333-333333333301   # federated identity of this environment',
    `+     clientId: ${id('99')}   # federated identity of this environment`,
  ])
})

describe('what is there already in another notation', () => {
  const start = (environment: string): string =>
    example.replace(/ {2}prod:\n[\s\S]*?(?=\ndefaults:)/, environment)
  const network = 'network: { addressSpace: [172.19.0.0/16] }'
  const subscription = 'subscriptionId: 22222222-2222-2222-2222-222222222203'
  test.each([
    ['on one line', `  prod: { ${subscription}, ${network} }`],
    ['with Windows line ends', `  prod:\r\n    ${subscription} # a comment\r\n    ${network}\r\n`],
    ['deeply indented', `  prod:\n        ${network}\n        ${subscription}`],
    [
      'with one identity',
      `  prod:\n    ${subscription}\n    identities:\n      plan:\n        clientId: ${id('77')}\n    ${network}`,
    ],
    [
      'with one identity on one line',
      `  prod:\n    ${subscription}\n    identities: { plan: { clientId: ${id('77')} } }\n    ${network}`,
    ],
  ])('%s', (_what, environment) => {
    const before = start(environment)
    const after = writeIdentities(before, { environments: { prod: all('5') } })
    const { prod, ...others } = documentIn(after).environments
    const { clientId, plan, people } = all('5')
    expect(prod).toMatchObject({ clientId, identities: { plan, people } })
    const { prod: old, ...rest } = documentIn(before).environments
    expect(others).toEqual(rest)
    expect(prod).toMatchObject({ network: old?.network })
  })
})

test('whatever is written is read again, everything else is as it was, and writing it again changes nothing', () => {
  const guid = fc.uuid()
  const written = fc.record({
    clientId: fc.option(guid, { nil: undefined }),
    plan: fc.option(fc.record({ clientId: guid }), { nil: undefined }),
    people: fc.option(fc.record({ clientId: guid, objectId: guid }), { nil: undefined }),
  })
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...environments), written),
      fc.option(fc.constant('fabrikam/other'), { nil: undefined }),
      (identities, repository) => {
        const keys: WrittenKeys = { repository, environments: identities }
        const after = writeIdentities(example, keys)
        expect(writeIdentities(after, keys)).toBe(after)
        const [before, now] = [documentIn(example), documentIn(after)]
        for (const environment of environments) {
          const { plan, people, clientId } = identities[environment] ?? {}
          const old = before.environments[environment]
          expect(now.environments[environment]).toEqual({
            ...old,
            clientId: clientId ?? old?.clientId,
            ...((plan || people) && { identities: { ...(plan && { plan }), ...(people && { people }) } }),
          })
        }
        expect({ ...now, environments: {} }).toEqual({
          ...before,
          ...(repository && { repository }),
          environments: {},
        })
      },
    ),
    { numRuns: 25 },
  )
})
