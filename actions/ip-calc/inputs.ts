import { formatCidr } from '../../src/cidr.ts'
import { UserError } from '../../src/diagnostics/user-error.ts'
import {
  readExistingSubnets,
  readNetworkList,
  readSubnetNames,
  readSubnetSpecs,
  type SubnetSpec,
} from '../../src/network/inputs.ts'
import type { NetworkOptions, OfflineOptions, ReleaseOptions } from '../../src/operations/network/options.ts'
import { readProjectCounts } from '../../src/operations/network/project-counts.ts'
import type { InputReader } from '../../src/runtime/inputs.ts'
import { isAboutCommonArea, readFactoryInputs, readSubjectInputs } from '../../src/runtime/project-inputs.ts'
import type { PublishOptions } from '../../src/runtime/publish.ts'

const modes = ['plan', 'reserve', 'plan-release', 'release', 'release-unneeded', 'capacity'] as const
type Mode = (typeof modes)[number]
type ReleaseMode = ReleaseOptions['mode']

/** Those that change nothing. */
const looking: readonly Mode[] = ['plan', 'plan-release', 'capacity']

const isRelease = (mode: Mode): mode is ReleaseMode =>
  mode === 'plan-release' || mode === 'release' || mode === 'release-unneeded'

/** Which inputs mean something in which form; any other that is given is refused instead of ignored. */
const meaningful: Readonly<Record<NetworkOptions['kind'], readonly string[]>> = {
  live: ['vnet-id', 'reserved', 'subnets', 'allocation', 'target', 'project', 'client-id'],
  offline: ['address-space', 'existing-subnets', 'reserved', 'subnets', 'target', 'project'],
  release: ['vnet-id', 'subnets', 'target', 'project', 'client-id'],
  capacity: ['vnet-id', 'reserved', 'warn-below', 'client-id'],
  proposal: ['reserved', 'projects'],
}

/** The standard values of action.yml. The runner passes them along as if somebody had given them. */
const defaults = { allocation: 'planner', target: 'project', 'warn-below': '5' } as const

/** Reads and checks them. @throws UserError that names the input */
export function readInputs(read: InputReader): NetworkOptions & PublishOptions {
  const mode = read.choice('mode', modes, 'plan')
  const kind = kindOf(mode, read)
  refuseMeaningless(mode, kind, read)
  const shared = {
    reserved: readNetworkList('reserved', read.optional('reserved') ?? ''),
    summary: read.boolean('summary', true),
  }
  const subnets = read.optional('subnets')
  const specs = subnets === undefined || kind === 'release' ? undefined : readSubnetSpecs('subnets', subnets)
  const vnetId = read.optional('vnet-id')
  switch (kind) {
    case 'offline':
      return { kind, ...shared, ...offline(read, specs), specs }
    case 'proposal':
      return { kind, ...shared, projects: readProjectCounts('projects', read.required('projects')) }
    case 'capacity': {
      const warnBelow = readWarnBelow(read)
      return { kind, ...shared, factory: readFactoryInputs(read, looking), vnetId, warnBelow }
    }
    case 'release':
      return {
        kind,
        mode: isRelease(mode) ? mode : 'plan-release',
        ...shared,
        target: readSubjectInputs(read, looking),
        vnetId,
        names: subnets === undefined ? undefined : readSubnetNames('subnets', subnets),
      }
    case 'live':
      return {
        kind,
        mode: mode === 'reserve' ? 'reserve' : 'plan',
        ...shared,
        target: readSubjectInputs(read, looking),
        vnetId,
        specs,
        allocation: read.choice('allocation', ['planner', 'pool'], defaults.allocation),
      }
  }
}

function readWarnBelow(read: InputReader): number {
  const warnBelow = Number(read.optional('warn-below') ?? defaults['warn-below'])
  if (Number.isInteger(warnBelow) && warnBelow >= 0 && warnBelow <= 1_000_000) return warnBelow
  throw new UserError({
    what: "Input 'warn-below' is not a number of projects.",
    fix: 'Use a whole number such as 5, or 0 for no warning.',
  })
}

function kindOf(mode: Mode, read: InputReader): NetworkOptions['kind'] {
  if (isRelease(mode)) return 'release'
  if (mode === 'capacity') return read.optional('projects') === undefined ? 'capacity' : 'proposal'
  if (read.optional('address-space') === undefined && read.optional('existing-subnets') === undefined) {
    return 'live'
  }
  return 'offline'
}

function refuseMeaningless(mode: Mode, kind: NetworkOptions['kind'], read: InputReader): void {
  const special = new Set(Object.values(meaningful).flat())
  for (const name of special) {
    if (meaningful[kind].includes(name) || read.optional(name) === undefined || isDefault(name, read)) {
      continue
    }
    throw new UserError({
      what: `Input '${name}' means nothing in mode '${mode}'${kind === 'offline' ? " with 'address-space'" : ''}.`,
      why: reasons[kind],
      fix: `Leave '${name}' out${kind === 'offline' ? " or 'address-space'" : ', or use another mode'}.`,
    })
  }
  if (kind === 'offline' && mode === 'reserve') {
    throw new UserError({
      what: "Input 'address-space' cannot be combined with mode 'reserve'.",
      why: reasons.offline,
      fix: 'Leave one of the two out.',
    })
  }
}

const isDefault = (name: string, read: InputReader): boolean =>
  Object.entries(defaults).some(([input, standard]) => input === name && read.optional(name) === standard)

const reasons: Readonly<Record<NetworkOptions['kind'], string>> = {
  live: 'What is in a VNet in Azure is read from Azure.',
  offline: 'With an address space the action calculates offline and calls nothing.',
  release: 'It frees the subnets that a project has in a VNet in Azure.',
  capacity: 'It counts all projects that fit an environment, whatever their number.',
  proposal: "With 'projects' it proposes address spaces before there is a VNet, and calls nothing.",
}

function offline(
  read: InputReader,
  specs: readonly SubnetSpec[] | undefined,
): Pick<OfflineOptions, 'target' | 'network'> {
  const addressSpace = read.optional('address-space')
  if (addressSpace === undefined) {
    throw new UserError({
      what: "Input 'existing-subnets' means nothing without 'address-space'.",
      why: reasons.live,
      fix: "Give the address prefixes of the VNet as 'address-space' to calculate offline, or leave 'existing-subnets' out.",
    })
  }
  const prefixes = readNetworkList('address-space', addressSpace)
  if (prefixes.length === 0) {
    throw new UserError({
      what: "Input 'address-space' holds no IPv4 network.",
      fix: 'Give at least one, like 10.1.0.0/16.',
    })
  }
  const withoutDocuments =
    specs !== undefined && read.optional('project') === undefined && !isAboutCommonArea(read)
  return {
    target: withoutDocuments ? undefined : readSubjectInputs(read, looking),
    network: {
      id: '',
      name: 'address-space',
      addressPrefixes: prefixes.map(formatCidr),
      subnets: readExistingSubnets('existing-subnets', read.optional('existing-subnets') ?? ''),
    },
  }
}
