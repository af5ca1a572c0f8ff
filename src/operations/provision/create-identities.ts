import { keysOf } from '../../by-key.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { catalogue, type ResourceKey } from '../../catalog/index.ts'
import { requestBody, templateBodies } from '../../compose/template-summary.ts'
import type { JsonObject } from '../../json.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import type { Step } from '../apply-steps.ts'
import type { Delivery, Phase } from './phase.ts'

/**
 * Creates the resource group and the user-assigned identities that are missing, exactly as the template has them: their
 * roles come before the services that check them. They stay members of the stack, which takes over what is there.
 */
export const createIdentities: Phase = (delivery) => {
  const { target, template, principals, services } = delivery
  const { subscriptionId } = target.project.factory
  const bodies = templateBodies({ ...template.template }, subscriptionId)
  const bodyOf = (id: string): JsonObject | undefined => bodies.get(id.toLowerCase())
  const group = target.ids.resourceGroup
  const groupBody = bodyOf(group)
  const steps: Step[] = []
  if (groupBody !== undefined && isToCreate(group, delivery)) {
    steps.push({
      name: `Create resource group ${lastSegment(group)}`,
      apply: async () => {
        await services.resources.write(
          group,
          apiVersions['Microsoft.Resources/resourceGroups'],
          requestBody(groupBody),
        )
      },
    })
  }
  for (const key of userAssignedIdentities) {
    const id = target.ids[key]
    const body = bodyOf(id)
    if (body === undefined || principals.known.has(key)) continue
    steps.push({
      name: `Create identity ${lastSegment(id)}`,
      stage: 'create-identity',
      apply: async () => {
        const { properties } = await services.resources.put(
          id,
          apiVersions[catalogue.resources[key].type],
          requestBody(body),
        )
        const principalId = properties['principalId']
        if (typeof principalId === 'string') principals.add(key, principalId)
      },
    })
  }
  return steps
}

const userAssignedIdentities: readonly ResourceKey[] = keysOf(catalogue.resources).filter(
  (key) => catalogue.resources[key].identity === 'user',
)

const isToCreate = (id: string, { stackPlan }: Delivery): boolean =>
  stackPlan.plan.changes.some(({ change, scope }) => change === 'create' && sameText(scope ?? '', id))
