import { removeStack } from '../../azure/stack-removal.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { enumeration } from '../../diagnostics/enumeration.ts'
import { resourceLabel } from '../../resource-id.ts'
import type { Allowance } from '../../vocabulary.ts'
import type { Left, Removal } from '../removal/left.ts'
import { pieceOf, pieceRow } from '../removal/piece.ts'
import { retirementRemovals } from '../removal/retirement.ts'
import { stillThere } from '../removal/still-there.ts'
import type { CommonServices } from './common-services.ts'
import type { DoomedArea, DoomedStack } from './doomed-area.ts'
import { hubRemovals } from './hub-left.ts'

/**
 * All deletions of a common area, in their order: what is in the common subnets, these, their network, and the resource group
 * when nothing is left in it. Each can be repeated, and a run that was cut off is finished by the next.
 */
export function areaRemovals(
  doomed: DoomedArea,
  services: CommonServices,
  allowed: readonly Allowance[],
): readonly Removal[] {
  const { area, network, common, subnets, hubs, group, isOurs } = doomed
  const claims = subnets !== undefined && subnets.free.length + subnets.groups.length + subnets.inUse.length
  return [
    ...stackRemovals(common, services, allowed),
    ...(claims ? [releaseRemoval(services)] : []),
    ...hubRemovals(hubs, area.ids.virtualNetwork, services),
    ...stackRemovals(network, services, allowed),
    ...(group !== undefined && isOurs ? [groupRemoval(doomed, services)] : []),
  ]
}

function stackRemovals(
  { target, stack, retirements }: DoomedStack,
  services: CommonServices,
  allowed: readonly Allowance[],
): readonly Removal[] {
  if (stack === undefined) return []
  const { name, factory } = target
  const purge = allowed.includes('purge')
  return [
    ...retirements.flatMap((retirement) => retirementRemovals(retirement, purge, services)),
    {
      step: `Delete deployment stack ${name} with its resources`,
      doomed: { kind: 'deployment stack', name },
      apply: async () => {
        const left = await removeStack(services.session, {
          subscriptionId: factory.subscriptionId,
          name,
          bypassOutOfSync: allowed.includes('out-of-sync'),
          resources: 'delete',
        })
        return left.map(
          ({ id, reason }): Left => ({
            why: 'failed',
            ...pieceRow(pieceOf(id)),
            reason,
            fix: 'Remove what keeps it, then run again.',
          }),
        )
      },
    },
  ]
}

const releaseRemoval = ({ subnets }: CommonServices): Removal => ({
  step: 'Release the common subnets',
  doomed: { kind: 'subnet', name: 'common subnets' },
  apply: async () => {
    const released = await subnets.release('all')
    return (released?.changes ?? [])
      .filter(({ change }) => change === 'keep')
      .map(
        ({ kind, name, scope = '', reason = '' }): Left => ({
          why: 'failed',
          kind,
          name,
          scope,
          reason,
          fix: 'Remove what uses it, then run again.',
        }),
      )
  },
})

/** Deleting a resource group deletes all that is in it, also what somebody has put there meanwhile: it goes empty, or not at all. */
const groupRemoval = ({ area }: DoomedArea, { resources }: CommonServices): Removal => {
  const { ids, names } = area
  const doomed = { kind: 'resource group', name: names.resourceGroup, scope: ids.resourceGroup }
  return {
    step: `Delete resource group ${doomed.name}`,
    doomed,
    apply: async () => {
      const listed = await resources.listGroup(ids.resourceGroup)
      const there = await stillThere(
        listed.map(({ id }) => id),
        resources,
      )
      if (there.length === 0) {
        await resources.remove(ids.resourceGroup, apiVersions['Microsoft.Resources/resourceGroups'])
        return []
      }
      return [
        {
          ...doomed,
          why: 'others',
          reason: `There is still something in it: ${enumeration(there.map(resourceLabel), mostNamed)}.`,
          fix: 'Remove it, or ask who made it; then run again.',
        },
      ]
    },
  }
}

const mostNamed = 10
