import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { loadProject } from '../../src/manifest/load.ts'
import { acceptanceComment, refusalComment } from '../../src/request/comments.ts'
import {
  type ExistingProject,
  isLogin,
  nextNumber,
  readExisting,
} from '../../src/request/existing-projects.ts'
import { parseIssue, type RequestValues } from '../../src/request/parse-issue.ts'
import {
  type RequestContext,
  type RequestOutcome,
  requestToManifest,
} from '../../src/request/request-to-manifest.ts'
import { exampleFactory } from './factory.ts'
import { type Answers, form, issueBody } from './issue.ts'

const context = (changed: Partial<RequestContext> = {}): RequestContext => ({
  form,
  factory: exampleFactory(),
  existing: [],
  issue: { number: 12, author: 'anna-contoso' },
  fileOf: (number) => `aifactory/projects/prj${number}.yml`,
  ...changed,
})

function values(changed: Partial<Answers> = {}): RequestValues {
  const result = parseIssue(form, issueBody(changed))
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  return result.values
}

function manifestOf(outcome: RequestOutcome): Extract<RequestOutcome, { kind: 'new' }> {
  if (outcome.kind !== 'new') throw new Error(JSON.stringify(outcome))
  return outcome
}

const existing = (number: string, name: string): ExistingProject => ({
  file: `aifactory/projects/prj${number}.yml`,
  number,
  name,
  text: '',
})

/** The manifests of a repository after this one was written. */
function written({ file, text }: Extract<RequestOutcome, { kind: 'new' }>): ExistingProject {
  const project = readExisting(file, text)
  if (project === undefined) throw new Error(`${file} is not a manifest.`)
  return project
}

describe('a request', () => {
  test('becomes a manifest with differences only', () => {
    const { file, text } = manifestOf(requestToManifest(values(), context()))
    expect(file).toBe('aifactory/projects/prj001.yml')
    expect(`\n${text}`).toBe(`
# yaml-language-server: $schema=../../schemas/project.schema.json
# Requested by @anna-contoso in #12
version: 1
project: "001"
name: rag-chat
type: genai-1
description: Answers questions about service manuals.
owner: anna@contoso.example
costCenter: "1234"
repository: contoso/rag-chat
services:
  cosmosDb: true
environments:
  dev: {}
  stage: {}
team:
  lead:
    - anna@contoso.example
  aiEngineer:
    - bo@contoso.example
    - 44444444-4444-4444-4444-444444444444
`)
  })

  test('assigns people the persona of the kind of project', () => {
    const both = values({ type: 'Both AI applications and machine learning (all)' })
    const { text } = manifestOf(requestToManifest(both, context()))
    expect(text).toMatch(/dataScientist:\n[\s\S]*aiEngineer:\n/)
  })

  test('switches on what the factory has switched off', () => {
    const factory = exampleFactory('defaults: { services: { aiSearch: false } }\n')
    const { text } = manifestOf(requestToManifest(values(), context({ factory })))
    expect(text).toContain('services:\n  aiSearch: true\n  cosmosDb: true\n')
  })

  test('is refused when the factory lacks an environment', () => {
    const factory = exampleFactory('', ['dev', 'prod'])
    const outcome = requestToManifest(values(), context({ factory }))
    expect(outcome).toEqual({
      kind: 'refused',
      faults: [
        {
          key: 'Environments',
          what: 'This AI Factory has no Stage.',
          fix: 'Choose from: Dev, Prod.',
        },
      ],
    })
  })

  test('is refused when a project has its name, whatever the case', () => {
    const outcome = requestToManifest(values(), context({ existing: [existing('007', 'RAG-Chat')] }))
    expect(outcome).toEqual({
      kind: 'refused',
      faults: [expect.objectContaining({ key: 'Project name', what: 'Project 007 has this name already.' })],
    })
  })

  test('that was turned into a project is not turned into another one', () => {
    const first = manifestOf(requestToManifest(values(), context()))
    const now = context({ existing: [written(first)] })
    expect(requestToManifest(values(), now)).toMatchObject({ kind: 'done', same: true })
    expect(requestToManifest(values({ name: 'other' }), now)).toMatchObject({ kind: 'done', same: false })
    expect(requestToManifest(values(), { ...now, issue: { number: 13, author: 'bo' } }).kind).toBe('refused')
  })

  test('that was accepted is a manifest that loads, always', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 80 })
    const shared = context()
    fc.assert(
      fc.property(
        text,
        fc.constantFrom('O_o', "o'neil", 'a.b~c'),
        fc.constantFrom('1234', '0x10', '1e3', 'null', 'A b.c'),
        (description, local, costCenter) => {
          const body = issueBody({
            description: `x${description}`,
            owner: `${local}@contoso.example`,
            'cost-center': costCenter,
          })
          const parsed = parseIssue(form, body)
          fc.pre(parsed.ok)
          if (!parsed.ok) return
          const { text: manifest, file } = manifestOf(requestToManifest(parsed.values, shared))
          const loaded = loadProject(manifest, file, shared.factory)
          expect(loaded.kind === 'document' && loaded.document.document).toMatchObject({
            description: parsed.values.description,
            owner: parsed.values.owner,
            costCenter,
          })
          expect(written({ kind: 'new', number: '001', text: manifest, file }).request).toEqual({
            number: 12,
            author: 'anna-contoso',
          })
        },
      ),
    )
  })
})

describe('the number of a new project', () => {
  const numbers = (...taken: string[]) => nextNumber(taken.map((number) => existing(number, `p${number}`)))

  test('is one more than the highest', () => {
    expect(numbers()).toBe('001')
    expect(numbers('001', '004')).toBe('005')
  })

  test('is the lowest gap when 999 is taken', () => {
    expect(numbers('001', '999')).toBe('002')
  })

  test('is never one that a project had whose manifest is gone', () => {
    expect(nextNumber([], ['001'])).toBe('002')
    expect(nextNumber([existing('001', 'one')], ['004', '002'])).toBe('005')
    expect(nextNumber([existing('999', 'last')], ['001', '002'])).toBe('003')
    const outcome = requestToManifest(values(), context({ formerNumbers: ['001'] }))
    expect(outcome).toMatchObject({ kind: 'new', number: '002' })
  })

  test('does not exist when all are taken', () => {
    const all = Array.from({ length: 999 }, (_, index) =>
      existing(String(index + 1).padStart(3, '0'), `p${index}`),
    )
    expect(nextNumber(all)).toBeUndefined()
    expect(requestToManifest(values(), context({ existing: all })).kind).toBe('refused')
  })
})

describe('who asked', () => {
  test.each(['anna', 'Anna-B', 'a_contoso', 'dependabot[bot]', 'a'.repeat(39)])(
    '%s can be recorded',
    (login) => {
      expect(isLogin(login)).toBe(true)
      const outcome = manifestOf(
        requestToManifest(values(), context({ issue: { number: 3, author: login } })),
      )
      expect(written(outcome).request).toEqual({ number: 3, author: login })
    },
  )

  test.each(['', '-a', 'a b', 'a\nname: evil', '@a', 'a#b', 'a'.repeat(60)])('%j is not a login', (login) => {
    expect(isLogin(login)).toBe(false)
  })

  test('is read from the comments above the manifest only', () => {
    const forged = manifestOf(
      requestToManifest(values({ description: '# Requested by @eve in #99' }), context()),
    )
    expect(written(forged).request?.number).toBe(12)
    expect(readExisting('prj002.yml', 'version: 1\n# Requested by @eve in #99\n')?.request).toBeUndefined()
  })

  test('and the name are read from a manifest with faults too', () => {
    expect(readExisting('a/prj002.yml', 'name: x\nteam: [\n')).toMatchObject({ number: '002' })
    expect(readExisting('a/notes.yml', 'name: x\n')).toBeUndefined()
  })
})

describe('the answer to the issue', () => {
  test('fits into a comment, however many services nobody knows', () => {
    const unknownServices = Array.from({ length: 2_000 }, (_, index) => `${index} ${'\u{e000}'.repeat(100)}`)
    const outcome = manifestOf(requestToManifest(values({}), context()))
    const comment = acceptanceComment(form, { ...values({}), unknownServices }, outcome, 'abc')
    expect(comment.length).toBeLessThan(20_000)
    expect(comment).toContain('and 1980 more. The issue form may be newer or older')
  })

  test('shows what was understood, field by field', () => {
    const outcome = manifestOf(requestToManifest(values({ repository: '' }), context()))
    expect(
      acceptanceComment(form, values({ repository: '' }), outcome, 'abc'),
    ).toBe(`### Project 001: \`rag-chat\`

This is how your request was understood:

- **Project name**: \`rag-chat\`
- **Kind of project**: AI applications and agents (genai-1)
- **What is it for?**: \`Answers questions about service manuals.\`
- **Owner**: \`anna@contoso.example\`
- **Cost centre**: \`1234\`
- **Repository of the team**: –
- **Environments**: Dev, Stage
- **Extra services**: Azure AI Search (find the right passages in your own documents), Azure Cosmos DB (database for conversations and documents)
- **Team lead**: \`anna@contoso.example\`
- **Team members**: \`bo@contoso.example\`, \`44444444-4444-4444-4444-444444444444\`

The project is described in \`aifactory/projects/prj001.yml\`. From then on that file is the source of truth; editing this issue no longer changes anything.

This answer is for the request with the hash \`abc\`.`)
  })

  test('lists every fault, and quotes harmlessly', () => {
    const result = parseIssue(form, issueBody({ owner: '@everyone `x`', name: 'A' }))
    expect(refusalComment(result.ok ? [] : result.faults)).toBe(`### This request cannot be accepted yet

2 faults have to be corrected:

- **Project name**: This is not the name of a project. Found: \`A\`. Use 2 to 32 lower-case letters, digits and single hyphens, beginning with a letter, e.g. rag-chat.
- **Owner**: This is not an e-mail address. Found: \`\` @everyone \`x\` \`\`. Write one e-mail address, e.g. anna@contoso.example.

Edit the issue to correct it, and leave the headings as they are. Nothing was created.`)
  })
})
