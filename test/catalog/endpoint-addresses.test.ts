import { expect, test } from '@jest/globals'
import { addressOf, namesOf } from '../../sandbox/arm/providers/private-link.ts'
import { partsOf } from '../../src/catalog/contents.ts'
import { serviceKeys } from '../../src/catalog/index.ts'
import { projectResourceIds } from '../../src/compose/project-context.ts'
import { exampleNames, exampleProject } from '../fixtures/projects.ts'

const project = exampleProject('all', 'dev')
const ids = projectResourceIds(project, exampleNames(project))
const endpoints = partsOf({ services: serviceKeys, ownContainerRegistry: true }).flatMap(
  ({ privateEndpoints }) => privateEndpoints,
)

test.each(endpoints.map((endpoint) => [endpoint.resource, endpoint.group, endpoint] as const))(
  'the private endpoint of %s for %s takes as many addresses as the local Azure gives it',
  (_, group, { resource, addresses }) => {
    const id = new Map(Object.entries(ids)).get(resource) ?? ''
    const [, namespace = '', type = '', name = ''] = /\/providers\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(id) ?? []
    const names = namesOf(
      { id, name, type: `${namespace}/${type}`, location: 'swedencentral', properties: {} },
      group,
    )
    expect(addressOf(names, names.length - 1) + 1).toBe(addresses)
  },
)
