const patterns = new Map<string, RegExp>()

/** Whether a pattern, in which `*` stands for any text, covers an action, whatever the case. */
export function covers(pattern: string, action: string): boolean {
  const made = patterns.get(pattern) ?? new RegExp(`^${literally(pattern).replaceAll('\\*', '.*')}$`, 'i')
  patterns.set(pattern, made)
  return made.test(action)
}

/** The source of a regular expression that means this text, letter by letter. */
export const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
