import { keysOf } from '../../by-key.ts'
import { denyInternetOutbound } from '../security-rules.ts'
import type { SubnetDeclaration } from '../types.ts'
import type { CommonIds } from './ids.ts'
import type { CommonPartKey } from './index.ts'
import type { CommonPartSetting } from './types.ts'

/** What of a common area leads out of a subnet. Resource ids. */
export interface WayOut {
  readonly routeTableId?: string
  readonly natGatewayId?: string
}

/** The parts that lead out of subnets, with what a document calls each in a subnet. */
export const wayOutParts = {
  routeTable: 'routeTableId',
  natGateway: 'natGatewayId',
} as const satisfies Partial<Record<CommonPartKey, keyof WayOut>>

/** One of them. */
export type WayOutPart = keyof typeof wayOutParts

/** The common area of an environment, as far as it leads out of subnets. */
export interface WayOutSource {
  readonly ids: Pick<CommonIds, keyof typeof wayOutParts>
  readonly parts: Readonly<Record<keyof typeof wayOutParts, CommonPartSetting>>
}

/** The part that a setting of a subnet comes from when no document says it. */
export const wayOutPartOf = (setting: string): CommonPartKey | undefined =>
  keysOf(wayOutParts).find((part) => wayOutParts[part] === setting)

/**
 * The common area's way out of a subnet, unless documents say another. A subnet whose rules deny the Internet, or that is one of
 * Azure's own gateways, needs none, and some services refuse a route table.
 */
export const wayOut = (
  { ids, parts }: WayOutSource,
  { rule, securityRules }: Pick<SubnetDeclaration, 'rule' | 'securityRules'>,
): WayOut =>
  rule.fixedName !== undefined || securityRules.includes(denyInternetOutbound)
    ? {}
    : {
        ...(parts.routeTable.kind !== 'off' &&
          rule.routeTable === 'allowed' && { routeTableId: ids.routeTable }),
        ...(parts.natGateway.kind !== 'off' && { natGatewayId: ids.natGateway }),
      }
