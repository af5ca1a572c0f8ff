/** First and last code point of each range of characters that is refused, and what people call them. */
const refusedRanges: readonly (readonly [first: number, last: number, name: string])[] = [
  [0x0000, 0x0008, 'a control character'],
  [0x000b, 0x001f, 'a control character'],
  [0x007f, 0x009f, 'a control character'],
  [0x00a0, 0x00a0, 'a no-break space'],
  [0x00ad, 0x00ad, 'an invisible hyphen'],
  [0x034f, 0x034f, 'an invisible character'],
  [0x061c, 0x061c, 'a character that turns the writing direction'],
  [0x115f, 0x1160, 'an invisible letter'],
  [0x1680, 0x1680, 'a space that is not an ordinary one'],
  [0x17b4, 0x17b5, 'an invisible letter'],
  [0x180b, 0x180f, 'an invisible character'],
  [0x2000, 0x200a, 'a space that is not an ordinary one'],
  [0x200b, 0x200d, 'a character without width'],
  [0x200e, 0x200f, 'a character that turns the writing direction'],
  [0x2028, 0x2029, 'a line break that is not an ordinary one'],
  [0x202a, 0x202e, 'a character that turns the writing direction'],
  [0x202f, 0x202f, 'a no-break space'],
  [0x205f, 0x205f, 'a space that is not an ordinary one'],
  [0x2060, 0x2065, 'a character without width'],
  [0x2066, 0x2069, 'a character that turns the writing direction'],
  [0x206a, 0x206f, 'an invisible character'],
  [0x3000, 0x3000, 'a space that is not an ordinary one'],
  [0x3164, 0x3164, 'an invisible letter'],
  [0xd800, 0xdfff, 'half a character'],
  [0xfeff, 0xfeff, 'a byte order mark'],
  [0xffa0, 0xffa0, 'an invisible letter'],
  [0xfff0, 0xffff, 'a character that stands for nothing'],
  [0xe0000, 0xe0fff, 'an invisible character'],
]

/** A character that is not accepted, and the line it is on, counted from 0. */
export interface RefusedCharacter {
  readonly line: number
  /** Its code point as people write it, e.g. `U+202E`. */
  readonly codePoint: string
  /** What kind of character it is, in words. */
  readonly name: string
}

/**
 * The first character of each line that is not accepted in a request: what lets a text look different from what it
 * is, or what no form can produce. Tabs are accepted, and in free text what other languages and emoji need besides.
 */
export function findRefusedCharacters(
  lines: readonly string[],
  isFreeText: (line: number) => boolean,
): readonly RefusedCharacter[] {
  return lines.flatMap((text, line) => {
    const strict = isFreeText(line) ? text.replaceAll(neededByLanguages, '') : text
    for (const character of strict) {
      const name = refusalOf(character)
      if (name !== undefined) return [{ line, codePoint: codePointOf(character), name }]
    }
    return []
  })
}

/** Blanks of any width, and the joiners of Persian, Hindi and emoji after what they join. */
const neededByLanguages = /\p{Zs}|(?<=(?!\p{ASCII})[\p{L}\p{M}\p{S}])[\u200c\u200d]/gu

/** A text as it looks: without characters that nobody sees, and with ordinary blanks. */
export const asItLooks = (text: string): string =>
  text
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim()

function refusalOf(character: string): string | undefined {
  const code = character.codePointAt(0) ?? 0
  const range = refusedRanges.find(([first, last]) => code >= first && code <= last)
  return range?.[2] ?? (/\p{Cf}/u.test(character) ? 'an invisible character' : undefined)
}

const codePointOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
