import { isJsonObject, type Json } from '../json.ts'
import { grouped } from './numbers.ts'

/** Characters of one value. */
const longestValue = 300

const plural = (count: number, noun: string): string =>
  `${grouped(count)} more ${noun}${count === 1 ? '' : 's'}`

/**
 * A value as JSON. A long list or object is cut between its members, never within one, a long text behind a character;
 * how much is missing stands there. The plan file has all of it.
 */
export function shownValue(value: Json | undefined, longest = longestValue): string {
  if (value === undefined) return '–'
  const whole = JSON.stringify(value)
  if (whole.length <= longest) return whole
  if (Array.isArray(value)) {
    const members = fitting(
      value.map((member: Json) => JSON.stringify(member)),
      longest,
    )
    return `[${[...members, plural(value.length - members.length, 'member')].join(', ')}]`
  }
  if (isJsonObject(value)) {
    const all = Object.entries(value).flatMap(([name, member]) =>
      member === undefined ? [] : [`${JSON.stringify(name)}: ${JSON.stringify(member)}`],
    )
    const members = fitting(all, longest)
    return `{${[...members, plural(all.length - members.length, 'key')].join(', ')}}`
  }
  const characters = [...String(value)]
  return `${JSON.stringify(characters.slice(0, longest).join(''))} and ${plural(characters.length - longest, 'character')}`
}

/** The first members that fit, at least none. */
function fitting(members: readonly string[], longest: number): readonly string[] {
  let length = 0
  const end = members.findIndex((member) => {
    length += member.length + 2
    return length > longest
  })
  return end < 0 ? members : members.slice(0, end)
}
