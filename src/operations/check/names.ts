import { type NameAnswer, openNameAvailability } from '../../azure/name-availability.ts'
import type { Resources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import type { SoftDeleted } from '../../azure/soft-deleted.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import { sameText } from '../../resource-id.ts'
import type { Allowance } from '../../vocabulary.ts'
import { blockedName, fateOf, isKeptUnlisted, listDeletions } from '../removal/soft-deleted.ts'
import { isKeptWorkspace } from '../stack/kept-softly.ts'
import { type Finding, unchecked } from './finding.ts'
import type { PlannedResource, Situation } from './situation.ts'
import { incompleteness, type Validation } from './validation.ts'

/** What is known of the name of a resource that is to be created. */
export interface NameFacts {
  readonly resource: Pick<PlannedResource, 'id' | 'type' | 'name'>
  readonly location: string
  readonly answer: NameAnswer
  /** What is softly deleted under this name in the subscription. */
  readonly deleted: SoftDeleted | undefined
  /** What Azure says of the delivery, where it lists nothing of what it keeps of this type. */
  readonly hidden: Validation | undefined
}

/** Are the names free of all resources that the delivery creates? What is softly deleted still has its name. */
export async function checkNames(situation: Situation): Promise<readonly Finding[]> {
  const { session, services, target, options } = situation
  const { has } = await situation.existing()
  return nameFindings(situation.resources, {
    session,
    factory: target.project.factory,
    resources: services.resources,
    has,
    allowed: options.allowed,
    hidden: situation.validation,
  })
}

/** What the names of resources are compared with. */
interface NameSource {
  readonly session: Session
  readonly factory: ResolvedFactory
  readonly resources: Resources
  /** Is there a resource with this id? */
  readonly has: (id: string) => boolean
  readonly allowed: readonly Allowance[]
  /** What Azure says of the delivery, for types of which it lists no deleted ones; undefined when nobody asks. */
  readonly hidden: () => Promise<Validation | undefined>
}

/** What is wrong with the names of those of the resources that are still to be created. */
export async function nameFindings(
  written: readonly PlannedResource[],
  { session, factory, resources, has, allowed, hidden: validation }: NameSource,
): Promise<readonly Finding[]> {
  const { subscriptionId, location } = factory
  const names = await openNameAvailability(session, subscriptionId)
  const created = written.filter(({ id, name }) => !name.includes('/') && !has(id))
  const listed = new Map(
    await Promise.all(
      [...new Set(created.map(({ type }) => type))].map(
        async (type) => [type, await listDeletions(subscriptionId, type, resources)] as const,
      ),
    ),
  )
  const hidden = created.some(({ type }) => isKeptUnlisted(type)) ? await validation() : undefined
  const facts = await Promise.all(
    created.map(
      async (resource): Promise<NameFacts> => ({
        resource,
        location,
        answer: await names.ask(resource.type, resource.name),
        deleted: listed.get(resource.type)?.find(({ name }) => sameText(name, resource.name)),
        hidden: isKeptUnlisted(resource.type) ? hidden : undefined,
      }),
    ),
  )
  const findings = facts.flatMap((fact) => nameFinding(fact, allowed) ?? [])
  const where = factory.at('salt')
  if (findings.length > 0) return findings.map((finding) => ({ where, ...finding }))
  const asked = facts.filter(({ answer }) => answer.kind === 'free').length
  const what =
    asked === 0
      ? 'No name is to be taken that is unique in Azure.'
      : `All names that are unique in Azure are free, or taken by what was delivered before (${asked} asked).`
  return [{ severity: 'good', what }]
}

/** What a name means for the delivery; undefined when nothing. Pure. */
function nameFinding(facts: NameFacts, allowed: readonly Allowance[]): Finding | undefined {
  const { resource, answer, deleted, hidden } = facts
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
  return hidden && hiddenFinding(it, hidden, allowed)
}

function deletedFinding(
  it: string,
  { resource, location }: NameFacts,
  deleted: SoftDeleted,
  allowed: readonly Allowance[],
): Finding {
  const until = deleted.until === '' ? '' : `, until ${deleted.until.slice(0, 10)}`
  const wanted = { ...resource, location }
  const canPurge = fateOf(deleted, wanted, true) === 'purge'
  switch (fateOf(deleted, wanted, allowed.includes('purge'))) {
    case 'purge':
      return {
        severity: 'warning',
        what: `${it} is softly deleted${until}. It is purged: what was in it is lost for ever.`,
      }
    case 'recover':
      return {
        severity: 'warning',
        what: `${it} is softly deleted${until}. It is recovered, with what was in it.`,
        ...(canPurge && { fix: "To begin with an empty one, allow 'purge'." }),
      }
    case 'block':
      return { severity: 'fault', ...blockedName(deleted, wanted) }
  }
}

/** Of workspaces Azure lists no deleted ones: their provider refuses a name that one still has. */
function hiddenFinding(
  it: string,
  validation: Validation,
  allowed: readonly Allowance[],
): Finding | undefined {
  if (!validation.refusals.some(isKeptWorkspace)) {
    const why = incompleteness(validation, isKeptWorkspace)
    return why === undefined
      ? undefined
      : unchecked(`Whether a deleted ${it} is kept softly: not known. Azure lists none.`, why)
  }
  if (allowed.includes('purge')) {
    return {
      severity: 'warning',
      what: `A deleted ${it} is kept softly. It is purged: what was in it is lost for ever.`,
    }
  }
  return {
    severity: 'fault',
    what: `A deleted ${it} is kept softly, and has the name for 14 days.`,
    why: 'A deployment cannot bring it back.',
    fix: "Recover it in the portal (Azure Machine Learning > Recently deleted), or allow 'purge' if what was in it may be lost.",
  }
}
