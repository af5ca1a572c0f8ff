import { describe, expect, test } from '@jest/globals'
import { serviceKeys } from '../../src/catalog/index.ts'
import { UserError } from '../../src/diagnostics/user-error.ts'
import { environmentChoices, projectTypeChoices, serviceChoices } from '../../src/request/choices.ts'
import { parseForm } from '../../src/request/form.ts'
import { environments, projectTypes } from '../../src/vocabulary.ts'
import { form, formText } from './issue.ts'

function optionsOf(id: string): readonly string[] {
  const kind = form.fields.find((field) => field.id === id)?.kind
  return kind !== undefined && 'options' in kind ? kind.options : []
}

const refusal = (yaml: string): string => {
  try {
    parseForm(yaml, 'form.yml')
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
  return 'accepted'
}

describe('the form of the template', () => {
  test('asks the ten questions in this order', () => {
    expect(form.fields.map(({ id }) => id)).toEqual([
      'name',
      'type',
      'description',
      'owner',
      'cost-center',
      'repository',
      'environments',
      'services',
      'team-lead',
      'team-members',
    ])
  })

  test.each([
    ['type', projectTypeChoices, projectTypes],
    ['environments', environmentChoices, environments],
    ['services', serviceChoices(), serviceKeys],
  ] as const)('offers for %s exactly what the vocabulary knows', (id, choices, words) => {
    expect([...optionsOf(id)].sort()).toEqual(Object.keys(choices).sort())
    expect(Object.values(choices).sort()).toEqual([...words].sort())
  })
})

describe('a form that cannot serve as a schema is refused', () => {
  test.each([
    ['not YAML', () => 'name: [', /^form\.yml:1:\d+: The issue form cannot be used. This is not valid YAML/],
    [
      'a text that would take long to read',
      () => `name: [${','.repeat(190_000)}]`,
      /^form\.yml:1:1: .*more than 100000 words and marks/,
    ],
    ['not a form', () => 'name: x', /^form\.yml:1:1: The issue form cannot be used/],
    ['a key GitHub does not know', () => formText.replace('labels:', 'label:'), /label/],
    [
      'a question too many',
      () => `${formText}\n  - type: input\n    id: budget\n    attributes: {label: Budget}\n`,
      /"budget" is not a question/,
    ],
    [
      'a question too few',
      () => formText.replace(/ {2}- type: input\n {4}id: owner[\s\S]*?\n\n/, ''),
      /questions are missing: owner/,
    ],
    ['a question twice', () => formText.replace('id: owner', 'id: name'), /"name" appears twice/],
    ['a question without id', () => formText.replace('    id: owner\n', ''), /form\.yml:\d+:\d+/],
    [
      'two questions with one label',
      () => formText.replace('label: Cost centre', 'label: OWNER'),
      /Two questions have the label "OWNER"/,
    ],
    [
      'a label that is no heading',
      () => formText.replace('label: Owner', "label: 'Owner #'"),
      /A label is one line/,
    ],
    [
      'an option nobody knows',
      () => formText.replace('label: Prod', 'label: Production'),
      /"Production" is not an option.*Dev; Stage; Prod/,
    ],
    ['an option twice', () => formText.replace('label: Prod', 'label: Dev'), /Two options are the same/],
    [
      'a kind that cannot hold the answer',
      () => formText.replace('type: input\n    id: name', 'type: textarea\n    id: name'),
      /must be of type input/,
    ],
    [
      'an alias',
      () => formText.replace('- label: Dev', '- &a\n          label: Dev').replace('- label: Prod', '- *a'),
      /Aliases such as '\*a' are not allowed/,
    ],
  ])('%s', (_case, yaml, expected) => {
    expect(refusal(yaml())).not.toBe('accepted')
    expect(refusal(yaml())).toMatch(expected)
  })

  test('and the error points at the line', () => {
    const line = formText.split('\n').findIndex((text) => text.includes('id: owner')) + 1
    expect(refusal(formText.replace('id: owner', 'id: boss'))).toMatch(new RegExp(`^form\\.yml:${line}:9: `))
  })
})

test('a form may leave options out and word its labels differently', () => {
  const own = parseForm(
    formText
      .replace(/ {8}- label: Azure Machine Learning.*\n/, '')
      .replace('label: Owner', 'label: Ansvarig'),
    'form.yml',
  )
  expect(own.fields.find(({ id }) => id === 'owner')?.label).toBe('Ansvarig')
})
