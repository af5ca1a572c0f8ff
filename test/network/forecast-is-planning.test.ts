import { expect, test } from '@jest/globals'
import { cidr, formatCidr } from '../../src/cidr.ts'
import { allocateSubnets } from '../../src/network/allocation.ts'
import { countFits } from '../../src/network/planner/placement.ts'
import { type OwnSubnetRequest, subnetRequests } from '../../src/network/requested-subnets.ts'
import type { ActualSubnet } from '../../src/network/vnet.ts'
import { typicalDemand } from '../../src/operations/network/typical-demand.ts'
import { unnamedFactory } from '../../src/operations/network/unnamed-factory.ts'
import { typicalProject } from '../../src/operations/project.ts'
import { projectTypes, subnetProfiles } from '../../src/vocabulary.ts'

const addressSpaces = [
  ['10.9.0.0/18'],
  // Agents work only in the ranges of RFC 1918.
  ['100.64.0.0/18'],
  ['10.9.0.0/20', '100.64.0.0/19'],
  ['20.0.0.0/19', '192.168.0.0/19'],
  ['172.16.240.0/20', '172.17.0.0/20', '192.0.2.0/24'],
]

const cases = projectTypes.flatMap((type) =>
  subnetProfiles.flatMap((profile) =>
    addressSpaces.map((prefixes) => ({ type, profile, prefixes, space: prefixes.join(' and ') })),
  ),
)

/** Plans one project after the other, as the action does, until one does not fit. */
function planned({ type, profile, prefixes }: (typeof cases)[number]): number {
  const { project, names } = typicalProject(unnamedFactory, type, 'dev')
  const wanted = subnetRequests({ ...project, subnetProfile: profile }, names.project)
  const subnets: ActualSubnet[] = []
  for (let count = 0; ; count += 1) {
    const requests = wanted.flatMap((request): readonly OwnSubnetRequest[] =>
      request.kind === 'own' ? [{ ...request, name: `${request.name}-${count}` }] : [],
    )
    const network = { id: '', name: 'described', addressPrefixes: prefixes, subnets }
    const allocation = allocateSubnets({ network, reserved: [], requests })
    if (allocation.kind === 'shortage') return count
    for (const { name, cidr: place } of allocation.planned) {
      subnets.push({ id: '', name, addressPrefixes: [formatCidr(place)] })
    }
  }
}

test.each(cases)('As many $type projects ($profile) are forecast in $space as are planned', (one) => {
  const where = typicalProject(unnamedFactory, one.type, 'dev')
  const { subnets } = typicalDemand(where, one.profile)
  const space = { prefixes: one.prefixes.map(cidr), taken: [], reserved: [] }
  expect(countFits(space, subnets)).toBe(planned(one))
})
