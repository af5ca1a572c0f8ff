import { inside, overlap } from '../cidr.ts'
import { badRequest } from '../errors.ts'
import { at, guidOf, text, texts } from '../json.ts'
import { type ResourceRules, referenced, type World, type Write } from '../rules.ts'
import { poolType, rangesOf, spaceOfPool } from './pool-allocations.ts'
import { parsePrefix } from './prefixes.ts'

const managerType = 'Microsoft.Network/networkManagers'

/** Microsoft.Network/networkManagers and their IPAM pools. */
export const networkManagerRules: readonly ResourceRules[] = [
  {
    type: managerType,
    location: 'required',
    required: ['properties.networkManagerScopes'],
    complete: ({ properties, address }) => ({
      networkManagerScopeAccesses: [],
      ...properties,
      resourceGuid: guidOf(address.id),
    }),
    checkRemoval: (manager, world) => {
      const [pool] = world.store.children(manager.id, poolType)
      if (pool !== undefined) refuseInUse(manager.id, pool.id)
    },
  },
  {
    type: poolType,
    location: 'required',
    required: ['properties.addressPrefixes'],
    check: checkPool,
    complete: ({ properties }) => ({
      parentPoolName: '',
      ...properties,
      ipAddressType: [
        ...new Set(rangesOf(texts(properties['addressPrefixes'])).map(({ family }) => `IPv${family}`)),
      ],
    }),
    checkRemoval: (pool, world) => {
      if (spaceOfPool(pool, world).taken.length > 0) refuseInUse(pool.id, 'resources associated with it')
    },
  },
]

function checkPool(write: Write, world: World): void {
  const { address, properties, existing } = write
  const ranges = texts(properties['addressPrefixes']).map((prefix) => parsePrefix(prefix, address.id))
  if (existing !== undefined) {
    const { taken } = spaceOfPool(existing, world)
    if (taken.some((given) => !ranges.some((range) => inside(given, range))))
      refuseInUse(address.id, 'resources that have addresses outside of the new prefixes')
  }
  const parentName = text(properties['parentPoolName']) ?? ''
  if (parentName === '') return
  const parentId = `${address.parent ?? ''}/ipamPools/${parentName}`
  const parent = referenced(world, parentId, () =>
    badRequest('ParentPoolNotFound', `The parent pool ${parentId} of pool ${address.id} was not found.`),
  )
  if (parent === undefined) return
  const whole = rangesOf(texts(at(parent, 'properties.addressPrefixes')))
  const own = rangesOf(texts(at(existing, 'properties.addressPrefixes')))
  const taken = spaceOfPool(parent, world).taken.filter((other) => !own.some((range) => inside(other, range)))
  const fits = ranges.every(
    (range) => whole.some((outer) => inside(range, outer)) && !taken.some((other) => overlap(range, other)),
  )
  if (!fits)
    throw badRequest(
      'IpamPoolInsufficientAddressSpace',
      `The prefixes of pool ${address.id} are not available in its parent pool ${parentId}.`,
    )
}

function refuseInUse(id: string, user: string): never {
  throw badRequest(
    'ResourceInUse',
    `Resource ${id} cannot be changed or deleted because it is used by ${user}.`,
  )
}
