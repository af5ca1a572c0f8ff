import { commonCatalogue, commonPartKeys } from '../../catalog/common/index.ts'
import type { CommonStack } from '../../catalog/common/types.ts'
import { type CommonArea, commonTags } from '../../compose/compose-common.ts'
import { isWithin } from '../../resource-id.ts'
import { commonOwner } from '../../vocabulary.ts'
import type { StackTarget } from '../stack-target.ts'

/** The common area of an environment as one of its two deployment stacks. */
export function commonStack(area: CommonArea, which: CommonStack): StackTarget {
  const { factory, names, ids } = area
  const { environment } = factory
  const tags = commonTags(factory)
  const contents = { network: 'network', common: 'everything but the network' }[which]
  return {
    factory,
    name: which === 'network' ? names.networkStack : names.deploymentStack,
    description: `AI Factory common area in ${environment}: ${contents}`,
    tags,
    resourceGroupId: ids.resourceGroup,
    owner: { factory: `${factory.name}-${factory.instance}`, project: commonOwner, environment },
    namedIds: namedIds(area, which),
    subject: { environment },
    texts: {
      title: `The common area of ${environment}`,
      noun: 'common area',
      document: 'factory.yml',
      workflow: 'Common area',
      where: factory.at('common'),
      whyUnwanted:
        'factory.yml of this commit does not ask for them. A part of the common area may be switched off, or one of your own stands in for it; or this is an older commit than the one delivered last.',
      howToMove: 'give this factory another name or instance',
    },
  }
}

/** Ids of all that the parts of a stack can have in the common resource group. */
function namedIds({ names, ids }: CommonArea, which: CommonStack): readonly string[] {
  const parts = commonPartKeys.map((key) => commonCatalogue.parts[key]).filter(({ stack }) => stack === which)
  const known = new Map<string, string>(Object.entries(ids))
  const named = new Map(Object.entries(names).filter(isText))
  const resources = parts.flatMap((part) =>
    Object.keys(part.resources).flatMap((key) => known.get(key) ?? []),
  )
  const endpoints = parts
    .flatMap(({ privateEndpoints }) => privateEndpoints)
    .map(({ resource, group }) => names.privateEndpoint(named.get(resource) ?? '', group))
    .map((name) => `${ids.resourceGroup}/providers/Microsoft.Network/privateEndpoints/${name}`)
  return [...resources, ...endpoints].filter((id) => isWithin(id, ids.resourceGroup))
}

const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string'
