import { type NameAnswer, openNameAvailability } from '../../azure/name-availability.ts'
import type { SoftDeleted } from '../../azure/soft-deleted.ts'
import { lastSegment, resourceGroupIdOf, sameText } from '../../resource-id.ts'
import type { Allowance } from '../../vocabulary.ts'
import { isKeptUnlisted, listDeletions } from '../removal/soft-deleted.ts'
import { type Finding, unchecked } from './finding.ts'
import type { PlannedResource, Situation } from './situation.ts'

/** What is known of the name of a resource that is to be created. */
export interface NameFacts {
  readonly resource: Pick<PlannedResource, 'id' | 'type' | 'name'>
  readonly location: string
  readonly answer: NameAnswer
  /** What is softly deleted under this name in the subscription. */
  readonly deleted: SoftDeleted | undefined
  /** Does Azure keep what is deleted of this type, and list none of it? */
  readonly isHidden: boolean
}

/** Are the names free of all resources that the delivery creates? What is softly deleted still has its name. */
export async function checkNames(situation: Situation): Promise<readonly Finding[]> {
  const { session, resources, services, existing, target, options } = situation
  const { subscriptionId, location } = target.project.factory
  const [{ has }, names] = await Promise.all([existing(), openNameAvailability(session, subscriptionId)])
  const created = resources.filter(({ id, name }) => !name.includes('/') && !has(id))
  const listed = new Map(
    await Promise.all(
      [...new Set(created.map(({ type }) => type))].map(
        async (type) => [type, await listDeletions(subscriptionId, type, services.resources)] as const,
      ),
    ),
  )
  const facts = await Promise.all(
    created.map(
      async (resource): Promise<NameFacts> => ({
        resource,
        location,
        answer: await names.ask(resource.type, resource.name),
        deleted: listed.get(resource.type)?.find(({ name }) => sameText(name, resource.name)),
        isHidden: isKeptUnlisted(resource.type),
      }),
    ),
  )
  const findings = facts.flatMap((fact) => nameFinding(fact, options.allowed) ?? [])
  const where = target.project.factory.at('salt')
  if (findings.length > 0) return findings.map((finding) => ({ where, ...finding }))
  const asked = facts.filter(({ answer }) => answer.kind === 'free').length
  return [
    {
      severity: 'good',
      what: `All ${asked} names that are unique in Azure are free, or the project's already.`,
    },
  ]
}

/** What a name means for the delivery; undefined when nothing. Pure. */
function nameFinding(facts: NameFacts, allowed: readonly Allowance[]): Finding | undefined {
  const { resource, answer, deleted, isHidden } = facts
  const it = `${resource.type} '${resource.name}'`
  if (deleted !== undefined) return deletedFinding(it, facts, deleted, allowed)
  if (answer.kind === 'taken') {
    return {
      severity: 'fault',
      what: `The name of ${it} is not free${answer.message === '' ? '' : `: ${answer.message.replace(/\.$/, '')}`}.`,
      why: 'Names of this type are unique across all of Azure, and somebody else has it.',
      fix: "Change 'salt' in factory.yml before the first delivery. When projects have been delivered, ask who has the name.",
    }
  }
  if (!isHidden) return undefined
  return unchecked(
    `Whether a deleted ${it} is kept softly: not known.`,
    'Azure does not list them. Where one is kept, the delivery fails with its name.',
    'Purge it in the portal under Azure Machine Learning > Recently deleted.',
  )
}

function deletedFinding(
  it: string,
  { resource, location }: NameFacts,
  deleted: SoftDeleted,
  allowed: readonly Allowance[],
): Finding {
  const isSame = sameText(deleted.id, resource.id) && sameText(place(deleted.location), place(location))
  const until = deleted.until === '' ? '' : `, until ${deleted.until.slice(0, 10)}`
  if (allowed.includes('purge') && !deleted.isProtected) {
    return {
      severity: 'warning',
      what: `${it} is softly deleted${until}. It is purged: what was in it is lost for ever.`,
    }
  }
  if (isSame) {
    return {
      severity: 'warning',
      what: `${it} is softly deleted${until}. It is recovered, with what was in it.`,
      fix: "To begin with an empty one, allow 'purge'.",
    }
  }
  const [group, there] = [lastSegment(resourceGroupIdOf(deleted.id)), deleted.location]
  return {
    severity: 'fault',
    what: `${it} is softly deleted in another place, group '${group}' in ${there}${until}.`,
    why: deleted.isProtected
      ? 'It is protected from being purged, and cannot be recovered to another group or region.'
      : 'It cannot be recovered to another group or region, and keeps its name.',
    fix: deleted.isProtected
      ? "Recover it there, or change 'salt' in factory.yml before the first delivery."
      : "Allow 'purge' if what was in it may be lost, or recover it there.",
  }
}

/** `Sweden Central` and `swedencentral` are one place. */
const place = (location: string): string => location.replaceAll(/\s/g, '').toLowerCase()
