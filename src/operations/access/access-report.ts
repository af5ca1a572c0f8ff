import type { ActualAccess, DesiredAccess } from '../../access/model.ts'
import { table } from '../../plan/markdown.ts'
import { lastSegment } from '../../resource-id.ts'

/** The output `groups`: every group of the project, with its object id where it exists. */
export function groupsOutput(desired: DesiredAccess, existing: ActualAccess['groups']): string {
  const groups = desired.groups.map(({ key, displayName, members }) => ({
    key,
    name: displayName,
    id: existing.get(key)?.objectId ?? '',
    members,
  }))
  return JSON.stringify(groups)
}

/** The output `assignments`: every role assignment of the project. */
export const assignmentsOutput = ({ assignments }: DesiredAccess): string =>
  JSON.stringify(
    assignments.map(({ principalName, role, scope, condition }) => ({
      principal: principalName,
      role,
      scope,
      ...(condition && { condition: condition.expression }),
    })),
  )

/**
 * All role assignments of the project as a table, folded away.
 * @param note what the choice of roles costs
 */
export function rolesTable({ assignments }: DesiredAccess, note?: string): string {
  const rows = assignments.map(({ principalName, role, scope, condition }) => [
    principalName,
    role,
    condition === undefined ? lastSegment(scope) : `${lastSegment(scope)}, ${condition.limit} only`,
  ])
  const folded = `<details><summary>${rows.length} role assignments</summary>\n\n${table(['Principal', 'Role', 'Scope'], rows)}\n\n</details>`
  return note === undefined ? folded : `${folded}\n\n${note}`
}
