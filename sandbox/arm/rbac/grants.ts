const patterns = new Map<string, RegExp>()

/** Whether lists of allowed and excepted actions cover an action. */
export function grants(
  allowed: readonly string[] | undefined,
  except: readonly string[] | undefined,
  action: string,
): boolean {
  const covers = (pattern: string) => matcher(pattern).test(action)
  return (allowed ?? []).some(covers) && !(except ?? []).some(covers)
}

function matcher(pattern: string): RegExp {
  const known = patterns.get(pattern)
  if (known !== undefined) return known
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')
  const made = new RegExp(`^${source}$`, 'i')
  patterns.set(pattern, made)
  return made
}
