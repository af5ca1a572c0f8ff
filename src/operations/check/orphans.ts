import { tagIn } from '../../tags.ts'
import { howToDestroy } from '../orphan.ts'
import { ownerOf } from '../owner.ts'
import { isAskedFor } from '../project.ts'
import type { Finding } from './finding.ts'
import type { Situation } from './situation.ts'

/** Are there projects of this factory in the environment that no manifest asks for any more? */
export async function checkOrphans({ stacks, target, options }: Situation): Promise<readonly Finding[]> {
  const { factory: own, environment } = ownerOf(target.project)
  const orphans = (await stacks()).filter(({ tags }) => {
    const number = tagIn(tags, 'project') ?? ''
    return (
      tagIn(tags, 'factory') === own &&
      tagIn(tags, 'environment') === environment &&
      /^\d{3}$/.test(number) &&
      isAskedFor({ ...options, project: number }) === false
    )
  })
  if (orphans.length === 0)
    return [{ severity: 'good', what: 'A manifest asks for every project that is deployed.' }]
  return orphans.map(({ name, tags }) => {
    const number = tagIn(tags, 'project') ?? ''
    return {
      severity: 'warning',
      what: `Project ${number} is deployed in ${options.environment} (deployment stack '${name}'), and no manifest asks for it any more.`,
      fix: howToDestroy(number, options.environment),
    }
  })
}
