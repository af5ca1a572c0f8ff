import { describe, expect, test } from '@jest/globals'
import { catalogue } from '../../src/catalog/index.ts'
import { refusalComment } from '../../src/request/comments.ts'
import { type ParsedIssue, parseIssue, type RequestValues } from '../../src/request/parse-issue.ts'
import { project, smallest } from '../manifest/examples.ts'
import { languages } from '../manifest/languages.ts'
import { type Answers, answers, form, issueBody } from './issue.ts'

const parse = (changed: Partial<Answers> = {}): ParsedIssue => parseIssue(form, issueBody(changed))

function valuesOf(result: ParsedIssue): RequestValues {
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  return result.values
}

/** The faults as `label: problem`, with what was found. */
function faultsOf(result: ParsedIssue): readonly string[] {
  if (result.ok) return []
  return result.faults.map(
    ({ key, what, found }) => `${key ?? 'issue'}: ${what}${found === undefined ? '' : ` «${found}»`}`,
  )
}

describe('a form that was filled in well', () => {
  test('becomes typed values', () => {
    expect(valuesOf(parse())).toEqual({
      name: 'rag-chat',
      type: 'genai-1',
      description: 'Answers questions about service manuals.',
      owner: 'anna@contoso.example',
      costCenter: '1234',
      repository: 'contoso/rag-chat',
      environments: ['dev', 'stage'],
      services: ['aiSearch', 'cosmosDb'],
      unknownServices: [],
      teamLead: ['anna@contoso.example'],
      teamMembers: ['bo@contoso.example', '44444444-4444-4444-4444-444444444444'],
    })
  })

  test('may come with the line endings of a browser', () => {
    const body = issueBody({ description: 'One\n\nTwo' })
    expect(parseIssue(form, body.replaceAll('\n', '\r\n'))).toEqual(parseIssue(form, body))
  })

  test('may leave out what is not needed', () => {
    const values = valuesOf(parse({ repository: '', 'team-members': '' }))
    expect(values.repository).toBeUndefined()
    expect(values.teamMembers).toEqual([])
  })

  test.each(['anna-svensson_contoso/rag-chat', 'Contoso-AI/rag.chat_2', 'a_b1/x'])(
    'may name the repository %s',
    (repository) => {
      expect(valuesOf(parse({ repository })).repository).toBe(repository)
    },
  )

  test('names people with commas or lines, once each, and a lead is not a member besides', () => {
    const values = valuesOf(
      parse({
        'team-lead': 'anna@contoso.example, eve@contoso.example',
        'team-members':
          'Bo@contoso.example, bo@contoso.example\n\nANNA@contoso.example\nABCDEFAB-4444-4444-4444-444444444444',
      }),
    )
    expect(values.teamLead).toEqual(['anna@contoso.example', 'eve@contoso.example'])
    expect(values.teamMembers).toEqual(['Bo@contoso.example', 'abcdefab-4444-4444-4444-444444444444'])
  })

  test('may hold Markdown, other headings and code blocks in its text box', () => {
    const description = '## Aim\n\n### Not a field\n\n```sh\n### Owner\n```\n\n> ### Owner\n\n1. one\n2. two'
    expect(valuesOf(parse({ description })).description).toBe(description.replaceAll(/\s+/g, ' '))
  })
})

describe('a heading typed into the text box', () => {
  const forged = '### Owner\n\nmallory@evil.example'

  test('does not set the next field', () => {
    expect(faultsOf(parse({ description: `Chat.\n\n${forged}` }))).toContainEqual(
      expect.stringMatching(/heading of the field "Owner" once more/),
    )
  })

  test('does not set a field further on', () => {
    expect(parse({ description: '### Team members\n\nmallory@evil.example' }).ok).toBe(false)
  })

  test('does not repeat its own field', () => {
    expect(parse({ description: 'a\n\n### What is it for?\n\nb' }).ok).toBe(false)
  })

  test.each(['### Owner ', '###  Owner', '### Owner ###', ' ### Owner', '# Owner', '###### Owner'])(
    'does not pass for a field by looking like one: %j',
    (heading) => {
      expect(parse({ description: `Chat.\n\n${heading}\n\nmallory@evil.example` }).ok).toBe(false)
    },
  )

  test('does not hide the true fields in a code block that never ends', () => {
    const tail = issueBody().split('\n\n').slice(6).join('\n\n')
    expect(faultsOf(parse({ description: `Chat.\n\n${tail}\n\n\`\`\`` }))).toContainEqual(
      expect.stringMatching(/never ends/),
    )
  })

  test('does not hide behind an HTML comment', () => {
    expect(faultsOf(parse({ description: 'Chat. <!-- and more -->' }))).toEqual([
      'What is it for?: The text holds an HTML comment, which readers of the issue cannot see.',
    ])
  })
})

describe('what the form could not have produced', () => {
  test.each([
    ['a missing heading', (body: string) => body.replace('### Owner\n\n', ''), /^Owner: The heading/],
    [
      'headings in another order',
      (body: string) =>
        body
          .replace('### Owner', '### X')
          .replace('### Cost centre', '### Owner')
          .replace('### X', '### Cost centre'),
      /^Cost centre: The heading/,
    ],
    ['text before the form', (body: string) => `Hello!\n\n${body}`, /^issue: There is text before.*«Hello!»/],
    ['an empty issue', () => '', /^Project name: The heading/],
    ['a huge issue', () => 'x'.repeat(70_000), /70000 characters/],
  ])('%s is refused', (_case, change, expected) => {
    expect(faultsOf(parseIssue(form, change(issueBody())))).toContainEqual(expect.stringMatching(expected))
  })

  test.each([
    ['\u0000', 'U+0000'],
    ['\u001b', 'U+001B'],
    ['\r', 'U+000D'],
    ['\ufeff', 'U+FEFF'],
    ['\u202e', 'U+202E'],
    ['\u200b', 'U+200B'],
    ['\u2066', 'U+2066'],
    ['\u2028', 'U+2028'],
    ['\ud800', 'U+D800'],
    ['\u{e0041}', 'U+E0041'],
  ])('the character %j is refused by its name %s', (character, codePoint) => {
    const faults = faultsOf(parse({ description: `a${character}b` }))
    expect(faults).toEqual([expect.stringContaining(codePoint)])
    expect(faults[0]).toMatch(/^What is it for\?: /)
  })
})

describe('an issue written with a form of another release', () => {
  test('has no box for what is new, which is then not ticked', () => {
    const values = valuesOf(
      parse({
        environments: '- [x] Stage\n- [x] Dev',
        services: '- [x] Azure Cosmos DB (database for conversations and documents)',
      }),
    )
    expect(values).toMatchObject({
      environments: ['dev', 'stage'],
      services: ['cosmosDb'],
      unknownServices: [],
    })
  })

  test('may tick what nobody knows here: it is named, and the rest is read', () => {
    const services = `${answers.services}\n- [x] Kubernetes @everybody\n- [ ] Fabric`
    const values = valuesOf(parse({ services }))
    expect(values).toMatchObject({
      services: ['aiSearch', 'cosmosDb'],
      unknownServices: ['Kubernetes @everybody'],
    })
  })

  test('may call a service as it was called before', () => {
    const renamed = {
      ...catalogue,
      services: {
        ...catalogue.services,
        aiSearch: {
          ...catalogue.services.aiSearch,
          formLabel: 'Search',
          formerLabels: ['Azure AI Search (find the right passages in your own documents)'],
        },
      },
    }
    expect(valuesOf(parseIssue(form, issueBody(), renamed)).services).toEqual(['aiSearch', 'cosmosDb'])
  })

  test('is no way to an environment that nobody knows', () => {
    const environments = '- [x] Dev\n- [x] Production'
    expect(faultsOf(parse({ environments }))).toEqual([
      'Environments: This is none of the choices. «Production»',
    ])
  })
})

describe('a description in any language', () => {
  test.each(languages)('may be %s', (_what, text) => {
    expect(valuesOf(parse({ description: text })).description).toBe(text.replaceAll(/\s+/g, ' '))
  })

  test('is accepted in a manifest too', () => {
    for (const [, text] of languages) {
      const { description } = valuesOf(parse({ description: text }))
      const { document } = project(`${smallest}description: ${JSON.stringify(description)}\n`)
      expect(document.description).toBe(description)
    }
  })

  test.each([
    ['a joiner between ASCII letters', 'a\u200db', 'U+200D'],
    ['a joiner at the beginning', '\u200cmanuals', 'U+200C'],
    ['joiners after each other', 'é\u200d\u200db', 'U+200D'],
  ])('may not hold %s, which nobody sees', (_what, description, codePoint) => {
    expect(faultsOf(parse({ description }))).toEqual([expect.stringContaining(codePoint)])
  })

  test.each<keyof Answers>(['name', 'owner', 'cost-center', 'repository', 'team-lead', 'team-members'])(
    'does not make %s less strict',
    (field) => {
      for (const [character, codePoint] of [
        ['\u00a0', 'U+00A0'],
        ['\u202f', 'U+202F'],
        ['\u3000', 'U+3000'],
        ['é\u200d', 'U+200D'],
      ]) {
        expect(faultsOf(parse({ [field]: `${answers[field]}${character}` })).join('\n')).toContain(codePoint)
      }
    },
  )

  test.each(['### Owner\u00a0', '###  \u3000Owner', '### Team\u2003members', '## Cost\u00a0centre ##'])(
    'does not forge a heading by blanks that look like others: %j',
    (heading) => {
      expect(faultsOf(parse({ description: `Chat.\n\n${heading}\n\nmallory` })).join('\n')).toMatch(
        /holds the heading of the field "(Owner|Team members|Cost centre)" once more/,
      )
    },
  )

  test('does not forge a heading by joiners', () => {
    const label = 'مالک\u200cها'
    const own = { fields: form.fields.map((each) => (each.id === 'owner' ? { ...each, label } : each)) }
    const body = (description: string): string =>
      issueBody({ description }).replace('### Owner', `### ${label}`)
    expect(faultsOf(parseIssue(own, body('Chat.')))).toEqual([])
    expect(faultsOf(parseIssue(own, body('### مالکها\n\nmallory@evil.example'))).join('\n')).toContain(
      'once more',
    )
  })
})

describe('an optional dropdown', () => {
  const options = ['Azure Cosmos DB (database for conversations and documents)']
  const dropdown = (multiple: boolean) => ({
    fields: form.fields.map((each) =>
      each.id === 'services' ? { ...each, kind: { type: 'dropdown' as const, multiple, options } } : each,
    ),
  })

  test.each([false, true])('left at None is no answer (several: %s)', (multiple) => {
    for (const services of ['None', '']) {
      expect(valuesOf(parseIssue(dropdown(multiple), issueBody({ services }))).services).toEqual([])
    }
  })

  test('takes what was chosen', () => {
    const [services = ''] = options
    expect(valuesOf(parseIssue(dropdown(false), issueBody({ services }))).services).toEqual(['cosmosDb'])
  })

  test('does not take None beside an option', () => {
    const services = `None, ${options[0]}`
    expect(parseIssue(dropdown(true), issueBody({ services })).ok).toBe(false)
  })
})

describe('an answer that is not allowed', () => {
  test.each<[keyof Answers, string]>([
    ['name', 'Rag-Chat'],
    ['name', 'r'],
    ['name', 'rag--chat'],
    ['name', '-rag'],
    ['name', 'a'.repeat(33)],
    ['name', 'rag chat'],
    ['name', 'rag\nchat'],
    ['name', '../rag'],
    ['name', '$(id)'],
    ['type', 'None'],
    ['type', 'genai-1'],
    ['type', 'Machine learning (esml), Both AI applications and machine learning (all)'],
    ['description', 'x'.repeat(501)],
    ['owner', 'anna'],
    ['owner', 'anna@contoso'],
    ['owner', '<anna@contoso.example>'],
    ['owner', 'anna@contoso.example, bo@contoso.example'],
    ['owner', '_No response_ '],
    ['cost-center', '12/34'],
    ['cost-center', '"1234"'],
    ['cost-center', '-1'],
    ['repository', 'contoso'],
    ['repository', 'https://github.com/contoso/rag-chat'],
    ['repository', 'contoso/..'],
    ['repository', 'contoso/rag.git'],
    ['repository', '-contoso/rag'],
    ['repository', '_contoso/rag'],
    ['repository', 'anna_/rag'],
    ['repository', 'anna_con_toso/rag'],
    ['environments', '- [ ] Dev\n- [ ] Stage\n- [ ] Prod'],
    ['environments', '- [x] Dev\n- [x] Stage\n- [x] Production'],
    ['environments', '- [x] Dev\n- [x] Stage\n- [x] Prod\n- [x] Moon'],
    ['environments', '- [x] Dev\n- [x] Dev\n- [x] Prod'],
    ['environments', 'Dev, Stage'],
    ['environments', '* [x] Dev\n* [x] Stage\n* [x] Prod'],
    ['services', '- [x] Kubernetes\nand a cluster'],
    ['services', '- [x] Kubernetes\n- [ ] Kubernetes'],
    ['team-lead', ''],
    ['team-lead', '@anna'],
    ['team-lead', Array.from({ length: 11 }, (_, index) => `a${index}@contoso.example`).join(',')],
    ['team-members', 'bo@contoso.example and eve@contoso.example'],
    ['team-members', '44444444-4444-4444-4444'],
    ['team-members', Array.from({ length: 101 }, (_, index) => `a${index}@contoso.example`).join('\n')],
  ])('%s: %j', (field, value) => {
    const label = form.fields.find(({ id }) => id === field)?.label
    const faults = faultsOf(parse({ [field]: value }))
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(new RegExp(`^${label?.replace('?', '\\?')}: `))
  })

  test.each<keyof Answers>([
    'name',
    'type',
    'description',
    'owner',
    'cost-center',
    'environments',
    'team-lead',
  ])('%s may not be left out, wherever the repository lets it', (field) => {
    const lenient = { fields: form.fields.map((each) => ({ ...each, required: false })) }
    expect(faultsOf(parseIssue(lenient, issueBody({ [field]: '' })))).toHaveLength(1)
    expect(faultsOf(parse({ [field]: '' }))).toHaveLength(1)
  })

  test('does not hide the others: all are reported at once', () => {
    const result = parse({ name: 'NO', owner: 'nobody', 'cost-center': '', 'team-members': 'x\ny' })
    expect(faultsOf(result)).toEqual([
      'Cost centre: There is no answer.',
      'Project name: This is not the name of a project. «NO»',
      'Owner: This is not an e-mail address. «nobody»',
      'Team members: This is neither an e-mail address nor an object id. «x»',
      'Team members: This is neither an e-mail address nor an object id. «y»',
    ])
  })

  test('is reported in an answer that fits into a comment, however often it appears', () => {
    const result = parse({
      'team-members': Array.from({ length: 5000 }, (_, index) => `x${index}`).join('\n'),
    })
    expect(faultsOf(result)).toHaveLength(25)
    expect(faultsOf(result).at(-1)).toBe('issue: There are 4976 more faults.')
    expect(refusalComment(result.ok ? [] : result.faults).length).toBeLessThan(20_000)
  })

  test('is quoted so that it cannot do anything', () => {
    const result = parse({
      owner: '::error::@everyone `<img>` [x](http://evil.example) and much more than sixty letters',
    })
    expect(faultsOf(result)).toEqual([
      'Owner: This is not an e-mail address. «::error::@everyone `<img>` [x](http://evil.example) and muc…»',
    ])
  })
})
