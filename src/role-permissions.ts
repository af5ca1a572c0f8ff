import { enumeration } from './diagnostics/enumeration.ts'
import { printable } from './diagnostics/escape.ts'

/**
 * What a role lets somebody do, in Azure's words: over resources (actions), and over what is in them (data actions). `*`
 * stands for any text. https://learn.microsoft.com/azure/role-based-access-control/role-definitions
 */
export interface RolePermissions {
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
  readonly dataActions: readonly string[]
  readonly notDataActions: readonly string[]
}

/** Nothing at all. */
export const noPermissions: RolePermissions = {
  actions: [],
  notActions: [],
  dataActions: [],
  notDataActions: [],
}

/** Does a pattern cover an action, or all that another pattern covers? */
export const covers = (pattern: string, action: string): boolean => {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${source}$`, 'i').test(action)
}

const isCovered = (action: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => covers(pattern, action))

/**
 * One role for several: a custom role has one list of what it excepts, and an exception holds against all that it allows. So
 * what one of them excepts stays excepted unless another allows all of it. The result never allows what none of them does.
 */
export function joined(roles: readonly RolePermissions[]): RolePermissions {
  const allowed = (list: 'actions' | 'dataActions'): readonly string[] =>
    widest(roles.flatMap((role) => role[list]))
  const excepted = (
    list: 'actions' | 'dataActions',
    exceptions: 'notActions' | 'notDataActions',
  ): readonly string[] =>
    widest(
      roles.flatMap((role) =>
        role[exceptions].filter(
          (exception) =>
            !roles.some(
              (other) => isCovered(exception, other[list]) && !touches(exception, other[exceptions]),
            ),
        ),
      ),
    )
  return {
    actions: allowed('actions'),
    notActions: excepted('actions', 'notActions'),
    dataActions: allowed('dataActions'),
    notDataActions: excepted('dataActions', 'notDataActions'),
  }
}

/** Can something be meant by both? In doubt, yes. */
const touches = (exception: string, others: readonly string[]): boolean =>
  others.some((other) => covers(other, exception) || covers(exception, other) || mayMeet(exception, other))

/** Two patterns that each have a star may meet although neither covers the other: what is before the first star decides. */
function mayMeet(one: string, other: string): boolean {
  if (!one.includes('*') || !other.includes('*')) return false
  const [first = '', second = ''] = [one, other].map((pattern) => pattern.toLowerCase().split('*')[0])
  return first.startsWith(second) || second.startsWith(first)
}

/** Without those that another one covers, in the order of their text. */
function widest(patterns: readonly string[]): readonly string[] {
  const different = [...new Map(patterns.map((pattern) => [pattern.toLowerCase(), pattern])).values()]
  return different
    .filter((pattern) => !different.some((other) => other !== pattern && covers(other, pattern)))
    .toSorted((a, b) => (a < b ? -1 : 1))
}

/** Of what is wanted, what somebody with these permissions lacks, and what they have beyond it. */
export interface PermissionDifference {
  readonly missing: readonly string[]
  readonly beyond: readonly string[]
}

/** Compares two roles by their lists: what one says that the other does not. An exception says something only of what is allowed. */
export function permissionDifference(wanted: RolePermissions, actual: RolePermissions): PermissionDifference {
  const without = (list: readonly string[], other: readonly string[]): readonly string[] =>
    list.filter((one) => !isCovered(one, other))
  /** What one role lets do and the other does not. */
  const more = (one: RolePermissions, other: RolePermissions): readonly string[] => [
    ...allowing.flatMap(([list]) => without(one[list], other[list])),
    ...allowing.flatMap(([list, exceptions]) =>
      without(other[exceptions], one[exceptions]).filter((exception) => touches(exception, one[list])),
    ),
  ]
  return { missing: more(wanted, actual), beyond: more(actual, wanted) }
}

/** More patterns than these are counted only: Azure's answers are as long as somebody made them. */
const mostPatterns = 12
const longestPattern = 120

/** Patterns of a role, as they are shown. */
export const listedPatterns = (patterns: readonly string[]): string =>
  enumeration(
    patterns.map((pattern) => printable(pattern, longestPattern)),
    mostPatterns,
  )

/** A role of somebody's own: as it is meant, and as it is in Azure. */
export interface MeantRole {
  readonly wanted: RolePermissions
  readonly actual: RolePermissions
}

/** Is something of what one role lets do meant to be in a role that takes it over, and not in it? */
export const lacks = ({ wanted, actual }: MeantRole, part: RolePermissions): boolean =>
  allowing.some(([list, exceptions]) => {
    const excepted = actual[exceptions].filter((one) => !isCovered(one, wanted[exceptions]))
    return part[list].some(
      (pattern) =>
        isCovered(pattern, wanted[list]) &&
        (!isCovered(pattern, actual[list]) ||
          excepted.some((one) => covers(pattern, one) || covers(one, pattern))),
    )
  })

const allowing = [
  ['actions', 'notActions'],
  ['dataActions', 'notDataActions'],
] as const

/** Do two roles let do the same? Those that Azure lists may come in another order and spelling. */
export function samePermissions(one: RolePermissions, other: RolePermissions): boolean {
  const { missing, beyond } = permissionDifference(one, other)
  return missing.length + beyond.length === 0
}
