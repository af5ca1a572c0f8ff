import type { Caller, DeployTemplate, StoredResource } from '../../../contracts.ts'
import { parseAddress } from '../../address.ts'
import { at, guidOf, record, text } from '../../json.ts'
import type { World } from '../../rules.ts'
import { holds, surroundingsOf } from './conditions.ts'
import { type EffectivePolicy, policiesFor } from './definitions.ts'
import { exists } from './existence.ts'
import { resolved } from './expressions.ts'
import type { Subject } from './fields.ts'
import { isLookedAt, questionOf, subjectOf } from './subject.ts'

/** Seconds after which Azure looks whether something is missing: ten minutes at most. */
const delay = 600

/** What remediation needs. */
export interface RemediationDependencies {
  readonly world: World
  readonly deploy: DeployTemplate
  /** A fraction of Azure's own time. */
  readonly scale: number
}

/**
 * Some time after a resource was written, deploys what policies `deployIfNotExists` find missing, as the identity of
 * the assignment. What that identity may not do fails as a deployment of its resource group, and nobody is told.
 * https://learn.microsoft.com/azure/governance/policy/concepts/effect-deploy-if-not-exists
 */
export async function remediate(written: StoredResource, deps: RemediationDependencies): Promise<void> {
  const { world, scale, deploy } = deps
  const policies = deploying(written, world)
  if (policies.length === 0) return
  await world.clock.sleep(delay * 1_000 * scale)
  const resource = world.store.get(written.id)
  const group = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(written.id)?.[0]
  if (resource === undefined || group === undefined) return
  for (const { policy, subject } of deploying(resource, world)) {
    const caller = identityOf(policy.assignment, world)
    const properties = record(at(policy.details, 'deployment.properties'))
    if (caller === undefined || exists(policy, subject, world.store)) continue
    const parameters = resolved(
      properties['parameters'],
      surroundingsOf(questionOf(policy, subject, world.store)),
    )
    await deploy({
      scopeId: group,
      name: nameOf(policy, resource),
      template: properties['template'],
      parameters,
      caller,
    })
  }
}

/** Each resource has a deployment of its own for each definition of an assignment. */
const nameOf = ({ assignment, referenceId }: EffectivePolicy, { id }: StoredResource): string =>
  `PolicyDeployment_${guidOf(`${assignment.id}#${referenceId ?? ''}#${id}`.toLowerCase())}`

/** Policies that would deploy something for a resource, if it is missing. */
function deploying(
  resource: StoredResource,
  { store, clock }: World,
): readonly { readonly policy: EffectivePolicy; readonly subject: Subject }[] {
  const address = parseAddress(resource.id)
  if (address === undefined) return []
  const subject = subjectOf(address, resource)
  return policiesFor(store, resource.id, clock.now())
    .filter((policy) => policy.effect === 'DeployIfNotExists' && !policy.isWatched)
    .filter(
      (policy) => isLookedAt(policy, subject) && holds(policy.condition, questionOf(policy, subject, store)),
    )
    .map((policy) => ({ policy, subject }))
}

/** The managed identity of an assignment: its own, or one that it was given. */
function identityOf(assignment: StoredResource, { tenantId, store }: World): Caller | undefined {
  const given = Object.keys(record(at(assignment, 'identity.userAssignedIdentities')))[0]
  const objectId =
    text(at(assignment, 'identity.principalId')) ??
    text(at(given === undefined ? undefined : store.get(given), 'properties.principalId'))
  if (objectId === undefined) return undefined
  return { tenantId, objectId, kind: 'ServicePrincipal', audience: 'https://management.azure.com' }
}
