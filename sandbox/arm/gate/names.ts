import { readFileSync } from 'node:fs'
import path from 'node:path'
import { badRequest } from '../errors.ts'
import type { Write } from '../rules.ts'

/** How resources of some types are named. */
interface NameRule {
  readonly types: readonly string[]
  readonly form: string
  /** What Azure says: `{0}` is the name. */
  readonly code?: string
  readonly message?: string
  /** What the form is in words, when no source says what Azure does. */
  readonly rule?: string
}

/** The forms alone: that a name is taken, or kept by a deleted resource, its provider says. */
const rules: readonly NameRule[] = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'names.json'), 'utf8'),
)
const byType = new Map(
  rules.flatMap((rule) => {
    const entry = { ...rule, form: new RegExp(rule.form) }
    return rule.types.map((type) => [type.toLowerCase(), entry] as const)
  }),
)

/**
 * Throws when a new resource does not have a name that its type takes.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
export function checkNameForm({ address, existing }: Write): void {
  const known = byType.get(address.type.toLowerCase())
  if (known === undefined || existing !== undefined || known.form.test(address.name)) return
  const message =
    known.message ??
    `Resource name '{0}' is invalid. A name of '${address.type}' must be ${known.rule ?? ''}.`
  throw badRequest(
    known.code ?? 'InvalidResourceName',
    message.replace('{0}', () => address.name),
  )
}
