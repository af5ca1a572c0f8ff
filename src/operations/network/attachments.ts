import { unlessForbidden } from '../../azure/failure.ts'
import type { ExistingResource, Resources } from '../../azure/resources.ts'
import { type ArmType, apiVersions } from '../../catalog/facts/api-versions.ts'
import { combinedError, type Fault } from '../../diagnostics/fault.ts'
import { subnetIdKeys } from '../../manifest/subnet-settings.ts'
import type { SubnetRequest } from '../../network/requested-subnets.ts'
import { sameText } from '../../resource-id.ts'
import { together } from '../together.ts'
import type { SubnetTarget } from './subnet-target.ts'

/** What the documents can attach to a subnet, by the key that names it. */
const attachable = {
  routeTableId: { type: 'Microsoft.Network/routeTables', noun: 'route table' },
  natGatewayId: { type: 'Microsoft.Network/natGateways', noun: 'NAT gateway' },
  networkSecurityGroupId: {
    type: 'Microsoft.Network/networkSecurityGroups',
    noun: 'network security group',
  },
} as const satisfies Readonly<
  Record<(typeof subnetIdKeys)[number], { readonly type: ArmType; readonly noun: string }>
>

interface Attachment {
  readonly subnet: string
  readonly setting: keyof typeof attachable
  readonly id: string
}

/**
 * Makes sure, before anything is created, that what the documents attach to subnets exists where it can be attached: in
 * the VNet's region. https://learn.microsoft.com/azure/virtual-network/manage-route-table
 * @returns what may not be read, and may be missing
 * @throws UserError that names each place in a document
 */
export async function refuseMissingAttachments(
  requests: readonly SubnetRequest<string>[],
  { settingAt, isMadeBefore }: Pick<SubnetTarget, 'settingAt' | 'isMadeBefore'>,
  { resources, location }: { readonly resources: Pick<Resources, 'read'>; readonly location: string },
): Promise<readonly string[]> {
  const attachments = requests.flatMap(attachmentsOf).filter(({ id }) => !isMadeBefore(id))
  const distinct = [...new Map(attachments.map((one) => [one.id.toLowerCase(), one])).values()]
  const read = async (one: Attachment) => [one.id.toLowerCase(), await readOne(one, resources)] as const
  const found = new Map(await together(...distinct.map(read)))
  const isHidden = ({ id }: Attachment): boolean => found.get(id.toLowerCase()) === 'hidden'
  const faults = attachments.flatMap((one): readonly Fault[] => {
    const fault = faultOf(one, found.get(one.id.toLowerCase()) ?? 'hidden', location)
    return fault === undefined ? [] : [{ where: settingAt(one.subnet, one.setting), ...fault }]
  })
  if (faults.length > 0) throw combinedError('What the documents attach to subnets has', faults)
  return attachments.filter(isHidden).map(hiddenSentence)
}

const hiddenSentence = ({ subnet, setting, id }: Attachment): string =>
  `Whether the ${attachable[setting].noun} ${id} is there, which subnet '${subnet}' is to get.`

const attachmentsOf = (request: SubnetRequest<string>): readonly Attachment[] => {
  const { key } = request
  const settings = (request.kind === 'own' ? request.settings : undefined) ?? {}
  return subnetIdKeys.flatMap((setting) => {
    const id = settings[setting]
    return id === undefined ? [] : [{ subnet: key, setting, id }]
  })
}

/** As it is; `hidden` when it may not be read: then Azure says what is wrong with it. */
type Found = Pick<ExistingResource, 'location'> | 'missing' | 'hidden'

const readOne = ({ id, setting }: Attachment, { read }: Pick<Resources, 'read'>): Promise<Found> =>
  unlessForbidden(async () => (await read(id, apiVersions[attachable[setting].type])) ?? 'missing', 'hidden')

function faultOf({ subnet, setting, id }: Attachment, found: Found, location: string): Fault | undefined {
  const { noun } = attachable[setting]
  const it = `Subnet '${subnet}' is to get the ${noun} ${id}, which`
  if (found === 'hidden') return undefined
  if (found === 'missing') {
    return {
      what: `${it} does not exist.`,
      fix: `Correct '${setting}', or ask the network team to create it first.`,
    }
  }
  if (found.location === undefined || sameText(found.location, location)) return undefined
  return {
    what: `${it} is in ${found.location}, and the VNet is in ${location}.`,
    why: `A subnet takes a ${noun} of its own region only.`,
    fix: `Name one in ${location}.`,
  }
}
