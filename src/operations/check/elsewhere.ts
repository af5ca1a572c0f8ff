import { sameText } from '../../resource-id.ts'
import { tagIn } from '../../tags.ts'
import { stacksElsewhere } from '../elsewhere.ts'
import { ownerOf } from '../owner.ts'
import { type Piece, pieceOf } from '../removal/piece.ts'
import type { Finding } from './finding.ts'
import { readStack } from './present-stack.ts'
import type { Situation } from './situation.ts'

/**
 * Was the project delivered when factory.yml had another name, instance or locationCode? Then all others would look at a
 * project that is not there, and take its own names for those of somebody else. A stack with the same number may be another
 * factory's: a name with the salt, which is unique in Azure, tells them apart.
 */
export async function checkElsewhere(situation: Situation): Promise<readonly Finding[]> {
  const { target, arm, stack, stacks } = situation
  if ((await stack()) !== undefined) return []
  for (const other of stacksElsewhere(target, await stacks())) {
    const shared = sharedName(situation, (await readStack(arm, other.id))?.resourceIds ?? [])
    if (shared !== undefined)
      return [movedFault(situation, other.name, tagIn(other.tags, 'factory') ?? '', shared)]
  }
  return []
}

/** What has a name that this delivery would give, too. */
const sharedName = ({ resources, target }: Situation, managed: readonly string[]): Piece | undefined =>
  managed
    .map(pieceOf)
    .find(
      ({ type, name }) =>
        name.includes(target.project.factory.salt) &&
        resources.some((wanted) => sameText(wanted.type, type) && sameText(wanted.name, name)),
    )

function movedFault({ target }: Situation, stack: string, found: string, shared: Piece): Finding {
  const { project, names } = target
  const { factory } = project
  const key = changedKey(found, factory)
  return {
    severity: 'fault',
    what: `Project ${project.number} was delivered to ${project.environment} with another ${key} in factory.yml: its deployment stack is '${stack}', and would now be '${names.project.deploymentStack}'.`,
    where: factory.at(key),
    why: `That stack manages ${shared.type} '${shared.name}', a name that is unique in Azure and that this delivery would need. Its tags say that it is of factory ${found}; factory.yml is that of ${ownerOf(project).factory}. Nothing else was checked, because nothing of the project is found under other names.`,
    fix: `Set '${key}' in factory.yml back to what it was when the project was delivered. To change it on purpose, destroy the project first, with the old value.`,
  }
}

/** Which key has changed, by the tag of the stack: it has the name and the instance. */
function changedKey(
  found: string,
  { name, instance }: { readonly name: string; readonly instance: string },
): 'name' | 'instance' | 'locationCode' {
  if (found === `${name}-${instance}`) return 'locationCode'
  return found.startsWith(`${name}-`) ? 'instance' : 'name'
}
