import { z } from 'zod'
import type { AssignedSubnet, AssignedSubnets } from '../../catalog/assigned-subnets.ts'
import { type SubnetKey, subnetKeys } from '../../catalog/index.ts'
import { parseNetwork } from '../../cidr.ts'
import { quoted } from '../../diagnostics/escape.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { optionalKeys } from '../../manifest/values.ts'
import { type SubnetRequest, subnetRequests } from '../../network/requested-subnets.ts'
import { networkIdOf, sameText } from '../../resource-id.ts'
import type { ProjectInEnvironment } from '../project.ts'

const attachmentSchema = z.object({ id: z.string().max(500) }).exactOptional()
const poolSchema = z.object({ id: z.string().max(500), numberOfIpAddresses: z.string().regex(/^\d{1,10}$/) })
const subnetSchema = z
  .object({
    name: z.string().min(1).max(80),
    addressPrefix: z.string(),
    state: z.enum(['existing', 'planned', 'reserved']),
    delegation: z.string().max(200),
    id: z.string().max(500),
    attachments: z
      .object({
        routeTable: attachmentSchema,
        natGateway: attachmentSchema,
        addressPools: z.array(poolSchema).max(2).exactOptional(),
      })
      .exactOptional(),
  })
  // A subnet whose addresses a pool allocates has none until it exists.
  .refine(
    ({ addressPrefix, state, attachments }) =>
      parseNetwork(addressPrefix).kind === 'ipv4' ||
      (addressPrefix === '' && state === 'planned' && attachments?.addressPools !== undefined),
    { path: ['addressPrefix'] },
  )
const subnetsSchema = z.strictObject(optionalKeys(subnetKeys, () => subnetSchema))

const unchanged =
  "Pass the output 'subnets' of ip-calc unchanged, or leave the input out to read the subnets from the VNet."

const refuse = (why: string, fix = unchanged): UserError =>
  new UserError({ what: "Input 'subnets' cannot be used.", why, fix })

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refuse('It is not valid JSON.')
  }
}

/** @throws UserError that names the first part that is not as ip-calc writes it */
function parseSubnets(text: string): z.output<typeof subnetsSchema> {
  const parsed = subnetsSchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const key = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const path = [...(issue?.path ?? []), ...key].map(String).join('.')
  throw refuse(path === '' ? 'It is not a JSON object.' : `Its ${quoted(path)} is not as ip-calc writes it.`)
}

/**
 * What is wrong with a subnet of the input: one of the project's own has exactly its name and is in the project's VNet,
 * a bring-your-own subnet is exactly the manifest's.
 */
function misplaced(
  request: SubnetRequest,
  subnet: AssignedSubnet,
  virtualNetwork: string,
): UserError | undefined {
  const { key } = request
  if (request.kind === 'byo') {
    return sameText(subnet.id, request.id)
      ? undefined
      : refuse(`Its '${key}' is not ${request.id}, the bring-your-own subnet of the manifest.`)
  }
  if (subnet.name !== request.name) {
    return refuse(
      `Its '${key}' has the name ${JSON.stringify(subnet.name)}, but the project's is ${request.name}.`,
    )
  }
  // Offline, ip-calc has no ids.
  if (subnet.id === '' || sameText(subnet.id, `${virtualNetwork}/subnets/${request.name}`)) return undefined
  if (sameText(networkIdOf(subnet.id), virtualNetwork)) {
    return refuse(
      `Its '${key}' is ${JSON.stringify(subnet.id)}, which is in the factory's VNet, but the project's subnet there is called ${request.name}.`,
    )
  }
  return refuse(
    `Its '${key}' is ${JSON.stringify(subnet.id)}, which is not in the factory's VNet ${virtualNetwork}.`,
    "Run ip-calc without its input 'vnet-id', or make that VNet the factory's: network.vnetId of this environment in factory.yml.",
  )
}

/**
 * Reads ip-calc's output and checks that it contains every subnet the project needs, and that each belongs to the project.
 * @throws UserError
 */
export function readSubnets(text: string, { project, names, ids }: ProjectInEnvironment): AssignedSubnets {
  const given = parseSubnets(text)
  const needed: Partial<Record<SubnetKey, AssignedSubnet>> = {}
  const missing: SubnetKey[] = []
  for (const request of subnetRequests(project, names.project)) {
    const subnet = Object.hasOwn(given, request.key) ? given[request.key] : undefined
    if (subnet === undefined) {
      missing.push(request.key)
      continue
    }
    const fault = misplaced(request, subnet, ids.virtualNetwork)
    if (fault !== undefined) throw fault
    needed[request.key] = subnet
  }
  if (missing.length > 0) {
    throw refuse(
      `The project needs ${missing.map((key) => `'${key}'`).join(', ')}, which it does not contain.`,
    )
  }
  return needed
}
