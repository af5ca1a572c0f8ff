import { type Cidr, formatCidr } from '../../src/network/cidr.ts'
import type { ActualNetwork } from '../../src/network/network.ts'
import {
  readExistingSubnets,
  readNetworkList,
  readSubnetWishes,
  type SubnetWish,
} from '../../src/network/read-inputs.ts'
import type { InputReader } from '../../src/runtime/inputs.ts'
import { type ProjectInputs, readProjectInputs } from '../../src/runtime/project-inputs.ts'
import { UserError } from '../../src/user-error.ts'

/** The VNet in Azure, and the project whose environment says who may look at it. */
interface LiveInputs {
  readonly kind: 'live'
  readonly mode: 'plan' | 'reserve'
  readonly project: ProjectInputs
  /** Instead of the factory's VNet. */
  readonly vnetId: string | undefined
}

/** A VNet as it is told; nothing leaves the machine. Without a project, the wishes say what is needed. */
interface OfflineInputs {
  readonly kind: 'offline'
  readonly mode: 'plan'
  readonly project: ProjectInputs | undefined
  readonly network: ActualNetwork
}

/** The inputs of this action, checked. */
export type Inputs = (LiveInputs | OfflineInputs) & {
  readonly reserved: readonly Cidr[]
  /** Instead of the subnets of the manifest. */
  readonly wishes: readonly SubnetWish[] | undefined
  readonly summary: boolean
}

/** Reads and checks them. @throws UserError that names the input */
export function readInputs(read: InputReader): Inputs {
  const wishes = read.optional('subnets')
  const shared = {
    reserved: readNetworkList('reserved', read.optional('reserved') ?? ''),
    wishes: wishes === undefined ? undefined : readSubnetWishes('subnets', wishes),
    summary: read.boolean('summary', true),
  }
  const mode = read.choice('mode', ['plan', 'reserve'], 'plan')
  const addressSpace = read.optional('address-space')
  return addressSpace === undefined
    ? { ...shared, ...liveInputs(read, mode) }
    : { ...shared, ...offlineInputs(read, mode, addressSpace, wishes !== undefined) }
}

function liveInputs(read: InputReader, mode: 'plan' | 'reserve'): LiveInputs {
  if (read.optional('existing-subnets') !== undefined) {
    throw new UserError({
      what: "Input 'existing-subnets' is given without 'address-space'.",
      why: 'The subnets of a VNet in Azure are read from Azure.',
      fix: "Give 'address-space' too to calculate offline, or leave 'existing-subnets' out.",
    })
  }
  return { kind: 'live', mode, project: readProjectInputs(read), vnetId: read.optional('vnet-id') }
}

function offlineInputs(
  read: InputReader,
  mode: 'plan' | 'reserve',
  addressSpace: string,
  hasWishes: boolean,
): OfflineInputs {
  if (mode === 'reserve' || read.optional('vnet-id') !== undefined) {
    throw new UserError({
      what: `Input 'address-space' cannot be combined with ${mode === 'reserve' ? "mode 'reserve'" : "'vnet-id'"}.`,
      why: 'With an address space the action calculates offline and calls nothing.',
      fix: 'Leave one of the two out.',
    })
  }
  const prefixes = readNetworkList('address-space', addressSpace)
  if (prefixes.length === 0) {
    throw new UserError({
      what: "Input 'address-space' holds no IPv4 network.",
      fix: 'Give at least one, like 10.1.0.0/16.',
    })
  }
  const withoutManifest = hasWishes && read.optional('project') === undefined
  return {
    kind: 'offline',
    mode,
    project: withoutManifest ? undefined : readProjectInputs(read),
    network: {
      id: '',
      name: 'address-space',
      addressPrefixes: prefixes.map(formatCidr),
      subnets: readExistingSubnets('existing-subnets', read.optional('existing-subnets') ?? ''),
    },
  }
}
