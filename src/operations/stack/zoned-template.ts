import type { Resources } from '../../azure/resources.ts'
import type { SubscriptionTemplate } from '../../compose/subscription-template.ts'
import { managedResourceIds } from '../../compose/template-summary.ts'
import {
  type PresentZoneGroup,
  withoutZoneGroups,
  withPresentZoneGroups,
  type ZoneGroup,
  zoneGroupsIn,
} from '../../compose/zone-groups.ts'
import { jsonFile, type ResultFile } from '../../plan/report.ts'
import type { StackTarget } from '../stack-target.ts'
import { findKeptGroups } from './kept-zone-groups.ts'
import type { StackTemplate } from './plan-stack.ts'
import { findGroupsOfOthers } from './zone-groups.ts'

/** A template with private endpoints, and what is to become of their DNS records. */
export interface ZonedTemplate extends StackTemplate {
  readonly file: ResultFile
  /** The DNS zone groups that its private endpoints need, whoever writes them. */
  readonly zoneGroups: readonly ZoneGroup[]
  /** The template with all of these in it: the same, unless a policy writes them. */
  readonly zoned: SubscriptionTemplate
}

/**
 * The same template with and without a policy that writes the records.
 * @param fileName of the file that shows it
 */
export const zonedTemplate = (
  { template, zoned }: Pick<ZonedTemplate, 'template' | 'zoned'>,
  fileName: string,
  subscriptionId: string,
): ZonedTemplate => ({
  template,
  zoned,
  zoneGroups: zoneGroupsIn(zoned, subscriptionId),
  file: jsonFile(fileName, template),
  resourceIds: managedResourceIds(template, subscriptionId),
})

/** The same without the zone groups of these private endpoints. */
const leavingZoneGroups = (
  composed: ZonedTemplate,
  endpointIds: readonly string[],
  subscriptionId: string,
): ZonedTemplate =>
  endpointIds.length === 0
    ? composed
    : replaced(composed, withoutZoneGroups(composed.template, endpointIds), subscriptionId)

/** The same with zone groups that are there, although a policy is to write them. */
export const keepingZoneGroups = (
  composed: ZonedTemplate,
  present: readonly PresentZoneGroup[],
  subscriptionId: string,
): ZonedTemplate =>
  present.length === 0
    ? composed
    : replaced(composed, withPresentZoneGroups(composed.zoned, present), subscriptionId)

const replaced = (
  composed: ZonedTemplate,
  template: SubscriptionTemplate,
  subscriptionId: string,
): ZonedTemplate => ({
  ...composed,
  template,
  file: jsonFile(composed.file.name, template),
  resourceIds: managedResourceIds(template, subscriptionId),
})

/**
 * The template as it fits the zone groups that are there: what others write is not written, and ours stay although a policy
 * is to write them.
 * @param managed reads the ids of what the stack manages
 * @throws UserError when somebody else's zone group does not write all zones
 */
export async function fitZoneGroups(
  composed: ZonedTemplate,
  target: StackTarget,
  resources: Pick<Resources, 'list'>,
  managed: () => Promise<readonly string[]>,
): Promise<{ readonly template: ZonedTemplate; readonly warnings: readonly string[] }> {
  const { factory, resourceGroupId } = target
  const others = await findGroupsOfOthers(
    factory.dns.mode === 'policy' ? [] : composed.zoneGroups,
    resourceGroupId,
    resources,
  )
  const kept = await findKeptGroups(composed.zoneGroups, target, resources, managed)
  const { subscriptionId } = factory
  return {
    template: keepingZoneGroups(
      leavingZoneGroups(composed, others.endpointIds, subscriptionId),
      kept.groups,
      subscriptionId,
    ),
    warnings: [...others.warnings, ...kept.warnings],
  }
}
