/** What projects refer to in the common area is declared by its parts, so that it does not go while there are projects. */
import { expect, test } from '@jest/globals'
import { commonCatalogue, commonPartKeys } from '../../src/catalog/common/index.ts'
import { typeOfResource } from '../../src/resource-id.ts'
import { everyService, exampleNames, exampleProject } from '../fixtures/projects.ts'
import { render, stringsIn } from './rendered.ts'

/** The network, which has guards of its own: a VNet cannot be replaced, and zones with records of projects stay. */
const ofNetwork = /^Microsoft\.Network\/(virtualNetworks|privateDnsZones)\b/

test.each([true, false])('shared registry: %s', (sharedContainerRegistry) => {
  const project = exampleProject('all', 'prod', {
    services: everyService,
    factory: { sharedContainerRegistry },
  })
  const { resourceGroup } = exampleNames(project).common
  const used = stringsIn(JSON.parse(JSON.stringify(render(project))))
    .filter((text) => text.includes(`/resourceGroups/${resourceGroup}/providers/`))
    .map(typeOfResource)
    .filter((type) => !ofNetwork.test(type))
  const declared = commonPartKeys.flatMap(
    (key): readonly string[] => commonCatalogue.parts[key].usedByProjects,
  )
  expect(used).toContain('Microsoft.OperationalInsights/workspaces')
  expect([...new Set(used)].filter((type) => !declared.includes(type))).toEqual([])
})
