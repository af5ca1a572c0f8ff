import { unlessForbidden } from '../../azure/failure.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import type { Finding } from './finding.ts'
import type { Situation } from './situation.ts'

/**
 * Is the common area of the environment still to come? It makes all that a project stands on and registers the resource
 * providers, so that without it most checks would find a fault of their own for this one cause.
 */
export async function checkDelivered({ target, services }: Situation): Promise<readonly Finding[]> {
  const { factory } = target.project
  const { network, environment } = factory
  if (network.source.kind === 'existing') return []
  const { virtualNetwork } = target.ids
  const isThere = await unlessForbidden(async () => {
    const found = await services.resources.read(
      virtualNetwork,
      apiVersions['Microsoft.Network/virtualNetworks'],
    )
    return found !== undefined
  }, true)
  if (isThere) return []
  return [
    {
      severity: 'fault',
      what: `The common area of ${environment} was not delivered: its VNet does not exist, ${virtualNetwork}.`,
      where: network.at('addressSpace'),
      why: 'It registers the resource providers, and makes the network, the data lake and the registries of all projects. What depends on them is checked when they are there.',
      fix: `Deliver the common area of ${environment} first: by the workflow for it, or provision-project with 'target: common'. If that has been done, correct name, instance and locationCode, from which its names follow.`,
    },
  ]
}
