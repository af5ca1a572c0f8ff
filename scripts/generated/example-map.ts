import type { ServiceKey } from '../../src/catalog/index.ts'
// The picture of a VNet in the documentation: a factory with projects of two profiles, one of which has left, and what
// is planned for the next one. Everything in it is placed by the planner, as in a run of ip-calc.
import { cidr, formatCidr } from '../../src/cidr.ts'
import { vnetMapSvg } from '../../src/network/map/svg.ts'
import { mapOf } from '../../src/network/map/vnet-map.ts'
import { planSubnets } from '../../src/network/planner/planner.ts'
import { projectSubnets } from '../../src/network/subnet-sizes.ts'
import type { ActualSubnet } from '../../src/network/vnet.ts'
import type { SubnetProfile } from '../../src/vocabulary.ts'

const prefixes = ['172.16.0.0/18']
const reserved = [cidr('172.16.56.0/22')]
const genai: readonly ServiceKey[] = ['aiFoundry', 'aiSearch', 'cosmosDb']

/** Projects in the order in which they came: number, services, profile. */
const projects: readonly (readonly [string, readonly ServiceKey[], SubnetProfile])[] = [
  ['001', ['machineLearning'], 'standard'],
  ['002', genai, 'standard'],
  ['003', genai, 'standard'],
  ['004', ['machineLearning'], 'standard'],
  ['005', genai, 'standard'],
  ['006', genai, 'compact'],
  ['007', genai, 'compact'],
  ['008', ['machineLearning'], 'compact'],
  ['009', genai, 'standard'],
  ['010', genai, 'compact'],
  ['011', genai, 'standard'],
]
const gone = '003'
const next = '012'

const subnet = (name: string, prefix: string): ActualSubnet => ({ id: '', name, addressPrefixes: [prefix] })
const slugs = { genai: 'genai', aca2: 'aca-002' } as const

function placed(
  existing: readonly ActualSubnet[],
  number: string,
  services: readonly ServiceKey[],
  profile: SubnetProfile,
): readonly ActualSubnet[] {
  const plan = planSubnets({
    prefixes: prefixes.map(cidr),
    taken: existing.flatMap(({ addressPrefixes }) => addressPrefixes.map(cidr)),
    reserved,
    requests: projectSubnets(services, profile),
  })
  if (plan.kind === 'shortage') throw new Error(`The example has no space for project ${number}.`)
  return plan.subnets.map((each) => subnet(`snt-prj${number}-${slugs[each.key]}`, formatCidr(each.cidr)))
}

/** Draws it. */
export function exampleMap(): string {
  let subnets: readonly ActualSubnet[] = [
    subnet('snet-esml-cmn-001', '172.16.61.0/26'),
    subnet('snet-esml-cmn-001-scoring', '172.16.61.64/26'),
    subnet('AzureBastionSubnet', '172.16.63.192/26'),
  ]
  for (const project of projects) subnets = [...subnets, ...placed(subnets, ...project)]
  subnets = subnets.filter(({ name }) => !name.includes(`prj${gone}`))
  const planned = placed(subnets, next, genai, 'standard').map(({ name, addressPrefixes }) => ({
    name,
    addressPrefix: addressPrefixes.join(),
    state: 'planned' as const,
    delegation: '',
    id: '',
  }))
  const network = { id: '', name: 'vnt-esmlcmn-sdc-dev-001', addressPrefixes: prefixes, subnets }
  return vnetMapSvg(mapOf(network, reserved, planned))
}
