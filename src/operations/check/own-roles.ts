import { assignmentsNote } from '../access/assignment-count.ts'
import { definedRolesWarnings } from '../defined-roles.ts'
import { type Finding, unchecked } from './finding.ts'
import type { Situation } from './situation.ts'

/** Are there the factory's own roles, and are they those that this version of the catalogue means? */
export async function checkOwnRoles({ target }: Situation): Promise<readonly Finding[]> {
  const { roles, definedRoles } = target.project.factory
  if (roles === 'custom' && definedRoles === undefined)
    return [
      unchecked(
        "Whether the factory's own roles exist: not checked.",
        'Whoever is signed in may not read all that decides it.',
      ),
    ]
  const note = assignmentsNote(target)
  const findings: readonly Finding[] = [
    ...(note === undefined ? [] : [noteFinding(note, roles === 'builtin' ? 'good' : 'warning')]),
    ...definedRolesWarnings(target).map((what) => noteFinding(what, 'warning')),
  ]
  if (findings.length > 0) return findings
  return [
    noteFinding(
      "The factory's own roles exist, and are those of this version of AI Factory Actions.",
      'good',
    ),
  ]
}

const noteFinding = (what: string, severity: 'good' | 'warning'): Finding => ({ severity, what })
