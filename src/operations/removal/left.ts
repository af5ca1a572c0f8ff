import { UserError } from '../../diagnostics/user-error.ts'

/**
 * Why something is left. `azure`: Azure lets it go by itself, in time. `others`: others made it, or forbid its deletion, and it is
 * theirs to decide. `failed`: deleting it went wrong.
 */
export type WhyLeft = 'azure' | 'others' | 'failed'

/** Something of a project that is still there. */
export interface Left {
  readonly why: WhyLeft
  /** What it is, in the words of a plan. */
  readonly kind: string
  readonly name: string
  /** Resource id, or a path in the data lake. */
  readonly scope?: string
  /** One or two sentences. */
  readonly reason: string
  /** How to go on, one or two sentences. */
  readonly fix: string
}

/** What is being deleted. */
export type Thing = Pick<Left, 'kind' | 'name' | 'scope'>

/** Something that could not be deleted, with Azure's reason. */
export function leftBy(error: UserError, { kind, name, scope }: Thing): Left {
  const { what, why, fix = 'Run again.' } = error.parts
  const reason = why === undefined ? what : `${what} ${why}`
  return { why: 'failed', kind, name, ...(scope !== undefined && { scope }), reason, fix }
}

/** One deletion. It can be repeated: what is gone already is no error. */
export interface Removal {
  /** E.g. `Delete group prj001_dev_team_lead`. */
  readonly step: string
  readonly doomed: Thing
  /** @returns what turned out to be kept */
  readonly apply: () => Promise<readonly Left[]>
  /** Asked when its turn comes: is there still something to do? */
  readonly isNeeded?: () => boolean
  /** Asked when it has failed: what else is left by that. */
  readonly alsoLeft?: () => Promise<readonly Left[]>
}

/**
 * Makes all deletions one after the other, each logged as it starts. What cannot be deleted does not keep the rest from going: it
 * is left, with the reason.
 */
export async function removeAll(
  removals: readonly Removal[],
  info: (line: string) => void,
): Promise<readonly Left[]> {
  const left: Left[] = []
  for (const [index, { step, doomed, apply, isNeeded, alsoLeft }] of removals.entries()) {
    if (isNeeded?.() === false) continue
    info(`${index + 1}/${removals.length} ${step}`)
    try {
      left.push(...(await apply()))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      info(`${step}: ${error.parts.what}`)
      left.push(leftBy(error, doomed), ...((await alsoLeft?.()) ?? []))
    }
  }
  return left
}
