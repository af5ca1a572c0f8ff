import { printable } from '../diagnostics/escape.ts'
import type { Path } from '../diagnostics/fault.ts'
import { type Location, UserError } from '../diagnostics/user-error.ts'
import { readYaml } from '../manifest/yaml-document.ts'
import { environmentChoices, projectTypeChoices } from './choices.ts'
import { type Element, formTemplate, type Question } from './form-schema.ts'
import { headingOf } from './headings.ts'

/** How a field is filled in. `multiple` of a dropdown means that several options may be chosen. */
export type FieldKind =
  | { readonly type: 'input' }
  | { readonly type: 'textarea'; readonly render: boolean }
  | { readonly type: 'dropdown'; readonly multiple: boolean; readonly options: readonly string[] }
  | {
      readonly type: 'checkboxes'
      readonly options: readonly string[]
      readonly compulsory: readonly string[]
    }

/** One question of the form. */
export interface Field<Id extends string = string> {
  readonly id: Id
  readonly label: string
  readonly required: boolean
  readonly kind: FieldKind
}

/** A form: its questions in the order in which the answers appear in the issue. */
export interface Form<Id extends string = string> {
  readonly fields: readonly Field<Id>[]
}

type FieldType = FieldKind['type']

/** The questions that a request for a new project consists of, and the kinds of field each may be. */
const requestFields = {
  name: { types: ['input'] },
  type: { types: ['dropdown'], choices: projectTypeChoices },
  description: { types: ['textarea', 'input'] },
  owner: { types: ['input'] },
  'cost-center': { types: ['input'] },
  repository: { types: ['input'] },
  environments: { types: ['checkboxes', 'dropdown'], choices: environmentChoices },
  // A form may be newer than this release and offer more: what nobody knows is reported to those who tick it.
  services: { types: ['checkboxes', 'dropdown'] },
  'team-lead': { types: ['input', 'textarea'] },
  'team-members': { types: ['textarea', 'input'] },
} as const satisfies Record<
  string,
  { readonly types: readonly FieldType[]; readonly choices?: Readonly<Record<string, string>> }
>

/** The ids of the questions in the form. */
export type RequestFieldId = keyof typeof requestFields

const syntaxReference =
  'https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema'

/**
 * Reads an issue form as the schema of a request: each of the ten questions exactly once, each of a kind that can
 * hold its answer, no two with the same label, and only kinds of project and environments that there are.
 * @param file The name to show in errors
 * @throws UserError that points at the line of the form
 */
export function parseForm(yaml: string, file: string): Form<RequestFieldId> {
  const { body, refuse } = readTemplate(yaml, file)
  const complete = new Map<RequestFieldId, Field<RequestFieldId>>()
  for (const [index, element] of body.entries()) {
    if (element.type === 'markdown') continue
    const field = fieldOf(element)
    const { id } = field
    if (!isRequestField(id)) {
      return refuse(['body', index, 'id'], `"${printable(id)}" is not a question of this form.`)
    }
    if (complete.has(id)) return refuse(['body', index, 'id'], `The question "${id}" appears twice.`)
    const faulty = faultOfField(id, field, [...complete.values()])
    if (faulty !== undefined) return refuse(['body', index, ...faulty.path], faulty.why)
    complete.set(id, { ...field, id })
  }
  const missing = Object.keys(requestFields).filter((id) => isRequestField(id) && !complete.has(id))
  if (missing.length > 0) return refuse(['body'], `These questions are missing: ${missing.join(', ')}.`)
  return { fields: [...complete.values()] }
}

/** The elements of a form, and how to refuse it with the place of one of its keys. */
interface Template {
  readonly body: readonly Element[]
  readonly refuse: (path: Path, why: string) => never
}

function readTemplate(yaml: string, file: string): Template {
  const document = readYaml(yaml, file)
  const refuseAt = (where: Location, why: string): never => {
    throw new UserError({
      what: 'The issue form cannot be used.',
      where,
      why,
      fix: 'Take the form from the template again, or correct this line.',
      more: syntaxReference,
    })
  }
  const refuse = (path: Path, why: string): never => refuseAt(document.valueAt(path), why)
  const [fault] = document.faults
  if (fault !== undefined) return refuseAt(fault.where, fault.what)
  const parsed = formTemplate.safeParse(document.value)
  if (parsed.success) return { body: parsed.data.body, refuse }
  const [issue] = parsed.error.issues
  const path = (issue?.path ?? []).map((step) => (typeof step === 'number' ? step : String(step)))
  return refuse(path, issue?.message ?? 'It is not an issue form.')
}

const isRequestField = (candidate: string): candidate is RequestFieldId =>
  Object.hasOwn(requestFields, candidate)

const comparable = (label: string): string => label.trim().replaceAll(/\s+/g, ' ').toLowerCase()

function faultOfField(
  fieldId: RequestFieldId,
  { label, kind }: Field,
  earlier: readonly Field[],
): { readonly path: Path; readonly why: string } | undefined {
  const question: {
    readonly types: readonly FieldType[]
    readonly choices?: Readonly<Record<string, string>>
  } = requestFields[fieldId]
  const path = ['attributes', 'label']
  if (headingOf(`### ${label}`) !== label)
    return { path, why: 'A label is one line without spaces or # around it.' }
  if (earlier.some((other) => comparable(other.label) === comparable(label)))
    return { path, why: `Two questions have the label "${printable(label)}".` }
  if (!question.types.includes(kind.type)) {
    return {
      path: ['type'],
      why: `The question "${fieldId}" must be of type ${question.types.join(' or ')}.`,
    }
  }
  const { choices } = question
  if (choices === undefined || !('options' in kind)) return undefined
  const unknown = kind.options.findIndex((item) => !Object.hasOwn(choices, item))
  if (unknown === -1) return undefined
  const options = Object.keys(choices).join('; ')
  return {
    path: ['attributes', 'options', unknown],
    why: `"${printable(kind.options[unknown] ?? '')}" is not an option of "${fieldId}". The options are: ${options}.`,
  }
}

function fieldOf(question: Question): Field {
  const required = question.validations?.required ?? false
  return { id: question.id, label: question.attributes.label, required, kind: kindOf(question) }
}

function kindOf(question: Question): FieldKind {
  switch (question.type) {
    case 'input':
      return { type: 'input' }
    case 'textarea':
      return { type: 'textarea', render: question.attributes.render !== undefined }
    case 'dropdown': {
      const { multiple = false, options } = question.attributes
      return { type: 'dropdown', multiple, options }
    }
    case 'checkboxes': {
      const { options } = question.attributes
      return {
        type: 'checkboxes',
        options: options.map(({ label }) => label),
        compulsory: options.filter(({ required }) => required).map(({ label }) => label),
      }
    }
  }
}
