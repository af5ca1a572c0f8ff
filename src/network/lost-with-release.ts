import type { SecurityRule, SubnetDefinition } from '../catalog/types.ts'
import type { Json, JsonObject } from '../json.ts'
import { sameText } from '../resource-id.ts'
import { keptSettings } from './kept-settings.ts'
import type { ReleasedSubnet, ReleaseSearch, UsedSecurityGroup } from './release-search.ts'

/**
 * What others attached to subnets or set there, and wrote into security groups: it goes with them. Pure.
 * @param groups those that go
 */
export function lostWithRelease(
  subnets: readonly ReleasedSubnet[],
  groups: readonly UsedSecurityGroup[],
  declared: ReleaseSearch['declared'],
): readonly string[] {
  const ownRules = Object.values(declared).flatMap(({ securityRules }) => securityRules)
  return [
    ...subnets.flatMap((released) =>
      lostSettings(
        released,
        groups,
        Object.hasOwn(declared, released.key) ? declared[released.key] : undefined,
      ),
    ),
    ...groups.flatMap((group) => lostRules(group, ownRules)),
  ]
}

function lostSettings(
  { subnet }: ReleasedSubnet,
  groups: readonly UsedSecurityGroup[],
  definition: SubnetDefinition | undefined,
): readonly string[] {
  const { name, properties, networkSecurityGroupId = '' } = subnet
  const ownGroup = groups.find(({ id }) => sameText(id, networkSecurityGroupId))?.id
  const settings = keptSettings(properties ?? {}, {
    ...(definition && { rule: definition.rule }),
    securityGroupId: ownGroup,
  })
  if (settings.length === 0) return []
  return [
    `Subnet '${name}' goes, and with it these settings and attachments: ${settings.join(', ')}. The resources that are attached stay.`,
  ]
}

/** @param ownRules every rule that a security group of the owner is created with */
function lostRules({ name, rules }: UsedSecurityGroup, ownRules: readonly SecurityRule[]): readonly string[] {
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
