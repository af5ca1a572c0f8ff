import { catalogue, isSubnetKey, subnetKeys } from '../catalog/index.ts'
import type { SecurityRule } from '../catalog/types.ts'
import type { Json, JsonObject } from '../json.ts'
import { sameText } from '../resource-id.ts'
import { keptSettings } from './kept-settings.ts'
import type { ReleasedSubnet, UsedSecurityGroup } from './release-search.ts'

/**
 * What others attached to subnets or set there, and wrote into security groups: it goes with them. Pure.
 * @param groups those that go
 */
export const lostWithRelease = (
  subnets: readonly ReleasedSubnet[],
  groups: readonly UsedSecurityGroup[],
): readonly string[] => [
  ...subnets.flatMap((released) => lostSettings(released, groups)),
  ...groups.flatMap(lostRules),
]

function lostSettings(
  { key, subnet }: ReleasedSubnet,
  groups: readonly UsedSecurityGroup[],
): readonly string[] {
  const { name, properties, networkSecurityGroupId = '' } = subnet
  const ownGroup = groups.find(({ id }) => sameText(id, networkSecurityGroupId))?.id
  const settings = keptSettings(properties ?? {}, {
    ...(isSubnetKey(key) && { rule: catalogue.subnets[key].rule }),
    securityGroupId: ownGroup,
  })
  if (settings.length === 0) return []
  return [
    `Subnet '${name}' goes, and with it these settings and attachments: ${settings.join(', ')}. The resources that are attached stay.`,
  ]
}

/** Every rule that a security group of a project is created with. */
const ownRules: readonly SecurityRule[] = subnetKeys.flatMap((key) => catalogue.subnets[key].securityRules)

function lostRules({ name, rules }: UsedSecurityGroup): readonly string[] {
  const lost = rules.flatMap((rule) => {
    const own = ownRules.filter((one) => sameText(one.name, rule.name))
    if (own.length === 0) return [`'${rule.name}'`]
    return own.some(({ properties }) => hasAll(rule.properties, properties))
      ? []
      : [`'${rule.name}' (changed)`]
  })
  if (lost.length === 0) return []
  return [
    `Network security group '${name}' goes, and with it rules that others put into it: ${lost.join(', ')}. If they are needed, write them down first.`,
  ]
}

/** Azure adds properties of its own, and writes some words in another case. */
const hasAll = (found: JsonObject, wanted: JsonObject): boolean =>
  Object.entries(wanted).every(([key, value]) => isSame(found[key], value))

const isSame = (a: Json | undefined, b: Json | undefined): boolean =>
  JSON.stringify(a)?.toLowerCase() === JSON.stringify(b)?.toLowerCase()
