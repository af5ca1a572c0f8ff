import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { splitOptions } from '../../src/request/answers.ts'
import { parseForm } from '../../src/request/form.ts'
import { parseIssue } from '../../src/request/parse-issue.ts'
import { anyText } from '../../src/testing/any-text.ts'
import { answers, form, formText, issueBody } from './issue.ts'

/** Text as an attacker would type it: the form's own headings and answers, code blocks, and anything else. */
const hostileText = (): fc.Arbitrary<string> => {
  const labels = form.fields.map(({ label }) => label)
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...labels).map((label) => `### ${label}`) },
    { weight: 2, arbitrary: fc.constantFrom(...labels).map((label) => ` ## ${label} #`) },
    { weight: 4, arbitrary: fc.constantFrom('```', '~~~', '````', '```js', '~~~~ js', '<!--', '-->') },
    { weight: 4, arbitrary: fc.constantFrom(...Object.values(answers)) },
    { weight: 2, arbitrary: fc.constantFrom('', '_No response_', 'mallory@evil.example', '- [x] Prod') },
    { weight: 2, arbitrary: anyText({ maxLength: 12 }) },
  )
  return fc
    .array(fc.tuple(piece, fc.constantFrom('\n', '\n\n', '\r\n', '\n \n')), { maxLength: 24 })
    .map((pieces) => pieces.flat().join(''))
}

/** The headings from the text box on, all forged, in the right order. */
const forgedTail = (): fc.Arbitrary<string> =>
  fc.tuple(hostileText(), fc.nat(9), hostileText()).map(([before, skipped, after]) => {
    const forged = issueBody({ owner: 'mallory@evil.example', 'team-members': 'mallory@evil.example' })
      .split(/(?=### )/)
      .slice(3)
      .filter((_, index) => index !== skipped)
    return `${before}\n\n${forged.join('')}\n\n${after}`
  })

describe('for arbitrary text typed into a text box', () => {
  test('no other field changes, or the request is refused', () => {
    const { description: _, ...expected } = valuesWith('x')
    let accepted = 0
    fc.assert(
      fc.property(fc.oneof(hostileText(), forgedTail()), (description) => {
        const result = parseIssue(form, issueBody({ description }))
        if (!result.ok) return result.faults.length > 0
        const { description: read, ...others } = result.values
        expect(others).toEqual(expected)
        accepted += 1
        return read === description.trim().replaceAll(/\s+/g, ' ')
      }),
      { numRuns: 2000 },
    )
    expect(accepted).toBeGreaterThan(50)
  })

  test('that holds too when a form has two text boxes, and the other is full of code', () => {
    const twoBoxes = parseForm(
      formText.replace('type: input\n    id: team-lead', 'type: textarea\n    id: team-lead'),
      'form.yml',
    )
    const expected = valuesWith('x').teamLead
    fc.assert(
      fc.property(fc.oneof(hostileText(), forgedTail()), (description) => {
        const result = parseIssue(twoBoxes, issueBody({ description }))
        return !result.ok || JSON.stringify(result.values.teamLead) === JSON.stringify(expected)
      }),
      { numRuns: 1000 },
    )
  })

  test('plain prose is accepted as it is', () => {
    const words = fc.string({ unit: fc.constantFrom(...'abc é日本 .,:;!?()'), minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(words, (prose) => {
        fc.pre(prose.trim() !== '')
        expect(valuesWith(prose).description).toBe(prose.trim().replaceAll(/ +/g, ' '))
      }),
    )
  })
})

// How long they take is measured by `npm run bench`; here they have to be answered at all.
test.each([
  `# ${' '.repeat(60_000)}x`,
  `# ${'#'.repeat(60_000)}x`,
  `${'`'.repeat(60_000)}x\``,
  `\`\`\`${' '.repeat(60_000)}x`,
  '<'.repeat(60_000),
  '# x\n'.repeat(15_000),
  '\u200b\n'.repeat(25_000),
  `${'a.'.repeat(30_000)}@`,
])("a text made to take long is refused, or is one field's text: %#", (hostile) => {
  for (const field of ['description', 'owner', 'team-members']) {
    const parsed = parseIssue(form, issueBody({ [field]: hostile }))
    expect(parsed.ok ? parsed.values.name : parsed.faults.length > 0).toBeTruthy()
  }
})

describe('a list of chosen options', () => {
  const options = ['A', 'A, B', 'B', 'C (x, y)']

  test('is matched against the options, commas and all', () => {
    expect(splitOptions('C (x, y), A', options)).toEqual(['C (x, y)', 'A'])
  })

  test('is not read at all when it can be read in two ways, or in none', () => {
    expect(splitOptions('A, B', options)).toBeUndefined()
    expect(splitOptions('A,B', options)).toBeUndefined()
    expect(splitOptions('C (x, y), C (x, y)', options)).toBeUndefined()
    expect(splitOptions('D', options)).toBeUndefined()
  })
})

function valuesWith(description: string) {
  const result = parseIssue(form, issueBody({ description }))
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  return result.values
}
