import * as z from 'zod'
import { guidForm } from '../guid.ts'

/** Letters in any case: Azure compares ids without regard to it, and tools such as Azure Policy print them in small letters. */
const anyCase = (words: string): string =>
  words
    .replaceAll('.', '\\.')
    .replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`)

const nameForm = (most: number): string => `[A-Za-z0-9_().-]{1,${most}}`

/** What is inside of a resource: a type, which may be left out or not. */
interface Inside {
  readonly type: string
  readonly optional: boolean
}

/**
 * The resource id of a resource of a type without a parent, e.g. `Microsoft.KeyVault/vaults`, or of what is inside of one. It is
 * read as Azure takes it, in any case and with a slash at its end, and is from then on as Azure writes it.
 * @param phrase what is allowed, in words that follow "must be"
 */
export function resourceIdText(type: string, phrase: string, description: string, inside?: Inside) {
  const words = ['', 'subscriptions', '', 'resourceGroups', '', 'providers', ...type.split('/'), '']
  const start = `/${anyCase('subscriptions')}/${guidForm}/${anyCase('resourceGroups')}/${nameForm(90)}`
  const child = inside === undefined ? '' : `/${anyCase(inside.type)}/${nameForm(80)}`
  const end = inside?.optional === true ? `(?:${child})?` : child
  return z
    .string()
    .regex(new RegExp(`^${start}/${anyCase(`providers/${type}`)}/${nameForm(90)}${end}/?$`))
    .meta({ description, patternErrorMessage: phrase })
    .transform((id) => written(id, inside === undefined ? words : [...words, inside.type]))
}

/** An id with its fixed words as Azure writes them. */
const written = (id: string, words: readonly string[]): string =>
  id
    .replace(/\/$/, '')
    .split('/')
    .map((segment, index) => words[index] || segment)
    .join('/')
