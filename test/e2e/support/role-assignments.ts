import { lastSegment } from '../../../src/resource-id.ts'
import type { Factory } from './factory.ts'

/** A role assignment in Azure. */
export interface Assigned {
  readonly id: string
  readonly principal: string
  /** Name of a role of the factory's own; else the id of the role. */
  readonly role: string
  readonly isOwn: boolean
}

/** The role assignments within a scope, by their ids in lower case. */
export function assignedWithin({ sandbox }: Factory, scope: string): ReadonlyMap<string, Assigned> {
  const resources = Object.entries(sandbox.state.arm.resources)
  const own = new Map(
    resources
      .filter(([id]) => id.includes('/roledefinitions/'))
      .map(([id, { properties }]) => [lastSegment(id), String(properties?.['roleName'])]),
  )
  return new Map(
    resources
      .filter(([id]) => id.startsWith(scope.toLowerCase()) && /\/roleassignments\/[^/]+$/.test(id))
      .map(([id, { properties }]) => {
        const role = lastSegment(String(properties?.['roleDefinitionId'])).toLowerCase()
        const principal = String(properties?.['principalId']).toLowerCase()
        return [id, { id, principal, role: own.get(role) ?? role, isOwn: own.has(role) }]
      }),
  )
}

/** One moment of the sandbox's log: an assignment came, or went, or all in a place were read. */
export type RoleEvent =
  | { readonly kind: 'assigned' | 'removed'; readonly assignment: Assigned }
  | { readonly kind: 'read' }

/** What happened to the role assignments within a scope since a request, in order. */
export function roleEvents(
  factory: Factory,
  since: number,
  known: ReadonlyMap<string, Assigned>,
): readonly RoleEvent[] {
  return factory.sandbox.requests(since).flatMap(({ method, path, status }): readonly RoleEvent[] => {
    const id = decodeURIComponent(path.split('?')[0] ?? '').toLowerCase()
    if (status >= 300) return []
    if (method === 'GET' && id.endsWith('/microsoft.authorization/roleassignments')) return [{ kind: 'read' }]
    const assignment = known.get(id)
    if (assignment === undefined) return []
    if (method === 'PUT') return [{ kind: 'assigned', assignment }]
    return method === 'DELETE' ? [{ kind: 'removed', assignment }] : []
  })
}
