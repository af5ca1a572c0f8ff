import { isRecord } from '../json.ts'
import type { Write } from '../rules.ts'
import { type LinkTarget, linkTable } from './link-table.ts'

/** A property of a request that names a resource. */
export interface FoundLink {
  /** Where it stands, `properties.subnets[0].properties.routeTable.id`. */
  readonly path: string
  /** What it holds: an id, when it is well-formed. */
  readonly id: string
  readonly target: LinkTarget
}

const byType = new Map(
  Object.entries(linkTable).map(([type, targets]) => [
    type.toLowerCase(),
    Object.entries(targets).map(([path, target]) => ({ steps: path.split('.'), target })),
  ]),
)

const identity: LinkTarget = {
  type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  right: 'assign/action',
}

/** All properties of a request that name resources, its user-assigned identities included. */
export function linksOf({ address, body }: Write): readonly FoundLink[] {
  const named = (byType.get(address.type.toLowerCase()) ?? []).flatMap(({ steps, target }) =>
    textsAt(body, steps, '').map(({ path, id }) => ({ path, id, target })),
  )
  const wanted = body['identity']
  const identities = isRecord(wanted) ? wanted['userAssignedIdentities'] : undefined
  const keys = isRecord(identities) ? Object.keys(identities) : []
  return [...named, ...keys.map((id) => ({ path: 'identity.userAssignedIdentities', id, target: identity }))]
}

/** The texts at a path, each with the path that leads to it alone. */
function textsAt(
  value: unknown,
  [step, ...rest]: readonly string[],
  path: string,
): readonly { readonly path: string; readonly id: string }[] {
  if (step === undefined) return typeof value === 'string' ? [{ path, id: value }] : []
  if (!isRecord(value)) return []
  const isList = step.endsWith('[]')
  const key = isList ? step.slice(0, -2) : step
  const inner = value[key]
  const at = path === '' ? key : `${path}.${key}`
  if (!isList) return textsAt(inner, rest, at)
  return Array.isArray(inner) ? inner.flatMap((item, index) => textsAt(item, rest, `${at}[${index}]`)) : []
}
