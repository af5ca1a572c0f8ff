import type { AccessMode } from '../vocabulary.ts'
import type { NetworkAccess } from './types.ts'

interface AccessModeRule {
  readonly publicNetwork: 'never' | 'for the allowed addresses' | 'for everybody'
  readonly privateEndpoints: boolean
}

/**
 * What the access modes mean. The private modes differ only in how people get into the VNet, which is the common area's
 * business: to a project they are one.
 *
 * `public-perimeter` opens the public network to everybody on purpose. Its perimeter is identity: no service accepts
 * keys, only Entra tokens, so that conditional access decides. Private endpoints would add nothing but cost, and a
 * firewall that denies everybody else would leave no way in at all.
 */
const accessModeRules: Readonly<Record<AccessMode, AccessModeRule>> = {
  'private-peered': { publicNetwork: 'never', privateEndpoints: true },
  'private-vpn': { publicNetwork: 'never', privateEndpoints: true },
  'private-bastion': { publicNetwork: 'never', privateEndpoints: true },
  'private-ip-allowlist': { publicNetwork: 'for the allowed addresses', privateEndpoints: true },
  'public-perimeter': { publicNetwork: 'for everybody', privateEndpoints: false },
}

/**
 * The network settings of all services in an access mode. An allow list without addresses closes the public network:
 * several services read an empty list as "everybody".
 */
export function networkAccess(mode: AccessMode, allowedIps: readonly string[]): NetworkAccess {
  const { publicNetwork, privateEndpoints } = accessModeRules[mode]
  switch (publicNetwork) {
    case 'never':
      return { publicNetwork: 'Disabled', defaultAction: 'Deny', allowedIps: [], privateEndpoints }
    case 'for the allowed addresses':
      return {
        publicNetwork: allowedIps.length > 0 ? 'Enabled' : 'Disabled',
        defaultAction: 'Deny',
        allowedIps: allowedIps.flatMap(withoutHostPrefix),
        privateEndpoints,
      }
    case 'for everybody':
      return { publicNetwork: 'Enabled', defaultAction: 'Allow', allowedIps: [], privateEndpoints }
  }
}

/**
 * Azure Storage refuses /32 and /31 as ranges: single addresses are written without a prefix, and a /31 as its two.
 * https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations
 */
function withoutHostPrefix(range: string): readonly string[] {
  const [address = '', length] = range.trim().split('/')
  if (length === '32') return [address]
  if (length !== '31') return [range.trim()]
  const octets = address.split('.')
  const last = Number(octets.pop()) & ~1
  return [last, last + 1].map((octet) => [...octets, octet].join('.'))
}
