import { covers } from '../wildcards.ts'

/** Whether lists of allowed and excepted actions cover an action. */
export function grants(
  allowed: readonly string[] | undefined,
  except: readonly string[] | undefined,
  action: string,
): boolean {
  const isCovered = (pattern: string) => covers(pattern, action)
  return (allowed ?? []).some(isCovered) && !(except ?? []).some(isCovered)
}
