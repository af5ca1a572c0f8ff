import { everything, partsOf } from '../catalog/contents.ts'
import { lastSegment } from '../resource-id.ts'
import type { SubnetOccupant } from './vnet.ts'

/** What a private endpoint of a project connects to, by the sub-resource in its name. */
const endpointTargets: ReadonlyMap<string, string> = new Map(
  partsOf(everything()).flatMap(({ title, privateEndpoints }) =>
    privateEndpoints.map(({ group }) => [group.toLowerCase(), title] as const),
  ),
)

/** A service that is deployed into a subnet, by the type in its id, and when it leaves the subnet. */
const services: Readonly<Record<string, readonly [title: string, leaves?: string]>> = {
  'microsoft.cognitiveservices/accounts': [
    'Foundry account',
    'which keeps its subnet until it is deleted and purged',
  ],
  'microsoft.app/managedenvironments': ['Container Apps environment'],
  'microsoft.app/environments': [
    '',
    'agents of a Foundry account, which keeps its subnet until it is deleted and purged, or a Container Apps environment',
  ],
  'microsoft.web/sites': ['App Service app'],
  'microsoft.web/serverfarms': ['App Service plan', 'whose last app must leave the VNet first'],
  'microsoft.databricks/workspaces': ['Databricks workspace'],
  'microsoft.machinelearningservices/workspaces': ['Machine Learning compute'],
  'microsoft.containerservice/managedclusters': ['Kubernetes cluster'],
  'microsoft.network/bastionhosts': ['Bastion'],
}

/** `Microsoft.X/type` of an id, or of what is a type already; undefined for anything else. */
function typeOf(id: string): string | undefined {
  const [, fromId] = /.*\/providers\/([^/]+\/[^/]+)\//i.exec(id) ?? []
  return fromId ?? (/^microsoft\.[a-z]+\/[a-z]+$/i.test(id) ? id : undefined)
}

/** Describes what is in a subnet, e.g. `private endpoint 'kv-p001-vault-pend' (Azure Key Vault)`. */
export function describeOccupant({ kind, id }: SubnetOccupant): string {
  if (kind === 'network interface') return `network interface '${lastSegment(id)}'`
  if (kind === 'private endpoint') {
    const [, group = ''] = /-([a-z]+)-pend$/i.exec(lastSegment(id)) ?? []
    const target = endpointTargets.get(group.toLowerCase())
    return `private endpoint '${lastSegment(id)}'${target === undefined ? '' : ` (${target})`}`
  }
  const type = typeOf(id)
  if (type === undefined) return id
  const [title = '', leaves] = services[type.toLowerCase()] ?? []
  if (type === id)
    return `${type}${title === '' ? '' : ` (${title})`}${leaves === undefined ? '' : `: ${leaves}`}`
  return `${title || type} '${lastSegment(id)}'${leaves === undefined ? '' : `, ${leaves}`}`
}

const mostShown = 5

/** Describes everything in a subnet; the first few when there are many. */
export function describeOccupants(occupants: readonly SubnetOccupant[]): string {
  const words = occupants.slice(0, mostShown).map(describeOccupant)
  const rest = occupants.length - words.length
  return [...words, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ')
}
