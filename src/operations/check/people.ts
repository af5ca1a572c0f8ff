import { memberFaults } from '../../access/refuse-members.ts'
import type { Finding } from './finding.ts'
import type { Situation } from './situation.ts'

/** Does the directory know everybody whom the documents name, and may each of them be in a team? */
export async function checkPeople({
  desired,
  services: { directory },
}: Situation): Promise<readonly Finding[]> {
  const named = new Set(desired.groups.flatMap(({ members }) => members))
  const members = await directory.resolve(named)
  const faults = memberFaults(desired, { groups: new Map(), members })
  if (faults.length > 0) return faults.map((fault) => ({ severity: 'fault', ...fault }))
  return [
    { severity: 'good', what: `All ${named.size} people and groups of the documents are in the directory.` },
  ]
}
