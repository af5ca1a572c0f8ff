import { readFileSync } from 'node:fs'
import path from 'node:path'
import { badRequest } from '../errors.ts'
import { records, text } from '../json.ts'
import type { World, Write } from '../rules.ts'

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
  if (existing === undefined) checkForm(address.type, address.name)
}

/** Resources that can be written in the body of what they are part of: the properties that hold them. */
const inlineLists: Readonly<Record<string, readonly string[]>> = {
  'Microsoft.Network/virtualNetworks': ['subnets', 'virtualNetworkPeerings'],
  'Microsoft.Network/networkSecurityGroups': ['securityRules'],
  'Microsoft.Network/routeTables': ['routes'],
}
const inlineOf = new Map(Object.entries(inlineLists).map(([type, lists]) => [type.toLowerCase(), lists]))

/** Throws when a new resource that stands in the body of another does not have a name that its type takes. */
export function checkInlineNames({ address, properties }: Write, world: World): void {
  for (const list of inlineOf.get(address.type.toLowerCase()) ?? [])
    for (const child of records(properties[list])) {
      const name = text(child['name']) ?? ''
      if (world.store.get(`${address.id}/${list}/${name}`) === undefined)
        checkForm(`${address.type}/${list}`, name)
    }
}

function checkForm(type: string, name: string): void {
  const known = byType.get(type.toLowerCase())
  if (known === undefined || known.form.test(name)) return
  const message =
    known.message ?? `Resource name '{0}' is invalid. A name of '${type}' must be ${known.rule ?? ''}.`
  throw badRequest(
    known.code ?? 'InvalidResourceName',
    message.replace('{0}', () => name),
  )
}
