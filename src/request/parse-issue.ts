import { type Catalogue, catalogue, type ServiceKey } from '../catalog/index.ts'
import { printable } from '../diagnostics/escape.ts'
import { asManyAsFit, type Fault } from '../diagnostics/fault.ts'
import {
  costCenterPattern,
  emailPattern,
  githubRepositoryPattern,
  guidPattern,
  projectNamePattern,
} from '../manifest/values.ts'
import type { Environment, ProjectType } from '../vocabulary.ts'
import { type Answer, readAnswer } from './answers.ts'
import {
  type Choices,
  environmentChoices,
  inOrderOfDelivery,
  projectTypeChoices,
  serviceChoices,
  wordsOf,
} from './choices.ts'
import type { Form, RequestFieldId } from './form.ts'
import { withoutCarriageReturns } from './headings.ts'
import { divideIssue } from './sections.ts'

/** A person or group: an e-mail address, or an Entra object id in lower case. */
type RequestedMember = string

/** What somebody asks for, every value checked. */
export interface RequestValues {
  readonly name: string
  readonly type: ProjectType
  /** One line, whatever was typed. */
  readonly description: string
  /** E-mail address. */
  readonly owner: string
  readonly costCenter: string
  /** `owner/name` on GitHub. */
  readonly repository?: string
  /** In the order of delivery, at least one. */
  readonly environments: readonly Environment[]
  /** Services to add to those of the project type. */
  readonly services: readonly ServiceKey[]
  /** What was ticked besides, in a form of another release: nobody knows it here. Not printable as it is. */
  readonly unknownServices: readonly string[]
  /** At least one. */
  readonly teamLead: readonly RequestedMember[]
  /** Without those who lead. */
  readonly teamMembers: readonly RequestedMember[]
}

/** A request, or everything that keeps it from being one. */
export type ParsedIssue =
  | { readonly ok: true; readonly values: RequestValues }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** The longest body GitHub stores, in characters. */
const longestBody = 65_536

interface TextRule {
  readonly pattern: RegExp
  /** What it should have been. */
  readonly is: string
  readonly longest: number
  readonly fix: string
}

const textRules = {
  name: {
    pattern: projectNamePattern,
    is: 'the name of a project',
    longest: 32,
    fix: 'Use 2 to 32 lower-case letters, digits and single hyphens, beginning with a letter, e.g. rag-chat.',
  },
  description: {
    pattern: /\S/,
    is: 'a description',
    longest: 500,
    fix: 'Use at most 500 characters.',
  },
  owner: {
    pattern: emailPattern,
    is: 'an e-mail address',
    longest: 113,
    fix: 'Write one e-mail address, e.g. anna@contoso.example.',
  },
  'cost-center': {
    pattern: costCenterPattern,
    is: 'a cost centre',
    longest: 64,
    fix: 'Use at most 64 letters, digits, spaces, dots, underscores and hyphens.',
  },
  repository: {
    pattern: githubRepositoryPattern,
    is: 'the name of a repository',
    longest: 140,
    fix: 'Write the owner and the name of a GitHub repository with a slash between them, e.g. contoso/rag-chat.',
  },
} as const satisfies Partial<Record<RequestFieldId, TextRule>>

const mostLeads = 10
const mostMembers = 100

/** Reads the answers of one issue, and collects what is wrong instead of stopping at the first fault. */
class AnswerSheet {
  readonly faults: Fault[] = []
  readonly #form: Form<RequestFieldId>
  readonly #answers: ReadonlyMap<RequestFieldId, Answer>

  constructor(form: Form<RequestFieldId>, lines: readonly string[]) {
    this.#form = form
    const { sections, faults } = divideIssue(form, lines, ['description'])
    this.faults.push(...faults)
    const answers = new Map<RequestFieldId, Answer>()
    for (const section of sections) {
      const result = readAnswer(section)
      if (result.ok) answers.set(section.field.id, result.answer)
      else this.faults.push(result.fault)
    }
    this.#answers = answers
  }

  /** The text of a field, checked; undefined when it is empty or refused. */
  text(id: keyof typeof textRules): string | undefined {
    const text = this.raw(id)?.replaceAll(/\s+/g, ' ')
    const { pattern, is, longest, fix } = textRules[id]
    if (text === undefined || text === '') return undefined
    if (text.length > longest) {
      return this.refuse(id, {
        what: `The text has ${text.length} characters, and at most ${longest} are possible.`,
        found: text,
        fix,
      })
    }
    if (!pattern.test(text)) {
      return this.refuse(id, { what: `This is not ${is}.`, found: text, fix })
    }
    return text
  }

  /** As {@link text}, where the form could be sent off without an answer although one is needed. */
  neededText(id: keyof typeof textRules): string {
    const text = this.text(id)
    if (text === undefined && this.raw(id) === '') {
      this.refuse(id, { what: 'There is no answer.', fix: textRules[id].fix })
    }
    return text ?? ''
  }

  /** What is chosen of what there is, and what is chosen besides. */
  choice<Word extends string>(
    id: RequestFieldId,
    choices: Choices<Word>,
  ): { readonly words: readonly Word[]; readonly unknown: readonly string[] } {
    const answer = this.#answers.get(id)
    const chosen = answer?.kind === 'choice' ? answer.chosen : []
    return {
      words: wordsOf(choices, chosen),
      unknown: chosen.filter((option) => !Object.hasOwn(choices, option)),
    }
  }

  neededChoice<Word extends string>(id: RequestFieldId, choices: Choices<Word>): readonly Word[] {
    const { words, unknown } = this.choice(id, choices)
    const [other] = unknown
    if (other !== undefined) {
      const fix = `Choose from: ${Object.keys(choices).join('; ')}.`
      this.refuse(id, { what: 'This is none of the choices.', found: other, fix })
    } else if (words.length === 0 && this.#answers.has(id)) {
      const fix = `Choose from: ${Object.keys(choices).join('; ')}.`
      this.refuse(id, { what: 'Nothing is chosen.', fix })
    }
    return words
  }

  members(id: 'team-lead' | 'team-members', most: number): readonly RequestedMember[] {
    const entries = (this.raw(id) ?? '').split(/[\n,]/).map((entry) => entry.trim())
    const members = new Map<string, RequestedMember>()
    for (const entry of entries) {
      if (entry === '') continue
      if (guidPattern.test(entry)) members.set(entry.toLowerCase(), entry.toLowerCase())
      else if (emailPattern.test(entry))
        members.set(entry.toLowerCase(), members.get(entry.toLowerCase()) ?? entry)
      else {
        const fix = 'Write e-mail addresses or Entra object ids, one per line or separated by commas.'
        this.refuse(id, {
          what: 'This is neither an e-mail address nor an object id.',
          found: entry,
          fix,
        })
      }
    }
    if (members.size > most) {
      const what = `There are ${members.size} people and groups, and at most ${most} are possible.`
      const fix = 'Name an Entra group by its object id instead of its people: it counts as one.'
      this.refuse(id, { what, fix })
    }
    return [...members.values()]
  }

  raw(id: RequestFieldId): string | undefined {
    const answer = this.#answers.get(id)
    return answer?.kind === 'text' ? answer.text.trim() : undefined
  }

  refuse(id: RequestFieldId, fault: Omit<Fault, 'key'>): undefined {
    const label = this.#form.fields.find((field) => field.id === id)?.label ?? id
    this.faults.push({ key: label, ...fault })
  }
}

/**
 * Reads the body of an issue as a request. Nothing is guessed: whatever the form could not have produced, or could
 * have produced in two ways, is a fault, and all faults are reported. Only a service that nobody knows is passed over, and reported.
 */
export function parseIssue(
  form: Form<RequestFieldId>,
  body: string,
  known: Catalogue = catalogue,
): ParsedIssue {
  if (body.length > longestBody) {
    const what = `The issue has ${body.length} characters, more than the ${longestBody} that GitHub stores.`
    const fix = 'Fill in the form anew, with shorter answers.'
    return { ok: false, faults: [{ what, fix }] }
  }
  const sheet = new AnswerSheet(form, withoutCarriageReturns(body).split('\n'))
  const name = sheet.neededText('name')
  const [type] = sheet.neededChoice('type', projectTypeChoices)
  const description = sheet.neededText('description')
  const owner = sheet.neededText('owner')
  const costCenter = sheet.neededText('cost-center')
  const repository = sheet.text('repository')
  const environments = inOrderOfDelivery(sheet.neededChoice('environments', environmentChoices))
  const services = sheet.choice('services', serviceChoices(known))
  const teamLead = sheet.members('team-lead', mostLeads)
  if (sheet.raw('team-lead') === '') {
    sheet.refuse('team-lead', {
      what: 'There is no answer.',
      fix: 'A project needs somebody who leads its team.',
    })
  }
  const leads = new Set(teamLead.map((member) => member.toLowerCase()))
  const teamMembers = sheet
    .members('team-members', mostMembers)
    .filter((member) => !leads.has(member.toLowerCase()))
  if (sheet.faults.length > 0 || type === undefined) {
    return { ok: false, faults: asManyAsFit(sheet.faults).map(withPrintableQuotation) }
  }
  return {
    ok: true,
    values: {
      name,
      type,
      description,
      owner,
      costCenter,
      ...(repository === undefined ? {} : { repository }),
      environments,
      services: services.words,
      unknownServices: services.unknown,
      teamLead,
      teamMembers,
    },
  }
}

const withPrintableQuotation = ({ found, ...fault }: Fault): Fault =>
  found === undefined ? fault : { ...fault, found: printable(found) }
