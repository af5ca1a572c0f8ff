import { commonCatalogue, commonPartKeys } from '../../catalog/common/index.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { Change } from '../../plan/model.ts'
import { sameText } from '../../resource-id.ts'
import { isLoss, named } from '../removal/loss.ts'
import { nameOf, type ProjectClients, projectsIn } from './projects-in.ts'

/** What projects keep something in, or send something to. */
const usedByProjects = commonPartKeys.flatMap((key) => commonCatalogue.parts[key].usedByProjects)

/**
 * Why a delivery must not take away what projects use, whatever is allowed: an allowance to lose data is given for the common
 * area, and the data is that of the projects. Undefined when it takes nothing of that, or there are none.
 */
export async function lostToProjects(
  area: CommonArea,
  changes: readonly Change[],
  clients: ProjectClients,
): Promise<UserError | undefined> {
  const lost = changes.filter(
    (change) => isLoss(change) && usedByProjects.some((type) => sameText(type, change.kind)),
  )
  const [first] = lost
  if (first === undefined) return undefined
  const projects = await projectsIn(area, clients)
  if (projects.length === 0) return undefined
  return new UserError({
    what: `The common area of ${area.factory.environment} would lose what its projects use: ${named(lost.map(({ kind, name }) => `${kind} '${name}'`))}. They are ${named(projects.map(nameOf))}.`,
    where: area.factory.at('common'),
    why: 'A part of the common area was switched off, has another name now, or one of your own stands in for it: what the projects have in it would go, and what they send there would arrive nowhere.',
    fix: `Nothing was changed. Put factory.yml back, or destroy the projects first. To move them to one of your own, copy there what they need, deliver the projects with its id in factory.yml, delete the old one by hand (az resource delete --ids ${first.scope ?? ''}), and run again.`,
  })
}
