import type { ArmType } from '../catalog/facts/api-versions.ts'
import { type KeptSettings, settingsOfOthers } from '../catalog/facts/settings-of-others.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { lastSegment } from '../resource-id.ts'
import { eachResource } from './each-resource.ts'
import { resourceId, scopeOf } from './identifiers.ts'
import { literalObject, withoutLiteralMarks } from './literal.ts'
import { writtenResources } from './template-summary.ts'

/** The properties of what is there, by resource id in small letters. */
export type LiveProperties = ReadonlyMap<string, JsonObject>

/** Does a resource of this type have settings that others decide about? */
export const hasSettingsOfOthers = (type: string): type is ArmType => Object.hasOwn(settingsOfOthers, type)

const ruleOf = (type: unknown): KeptSettings | undefined =>
  typeof type === 'string' && hasSettingsOfOthers(type) ? settingsOfOthers[type] : undefined

/**
 * The template with what others have set on its resources, and with what cannot change any more. As for tags, the stack's
 * own idea of its template is the one without: what others do makes it no other template.
 * @param group id of the resource group that the template is deployed into
 */
export const withSettingsOfOthers = (template: JsonObject, group: string, live: LiveProperties): JsonObject =>
  eachResource(template, (resource) => {
    const { type, name, properties } = resource
    const rule = ruleOf(type)
    const id = resourceId(scopeOf(group), { type: String(type), name: String(name) })
    const present = live.get(id.toLowerCase())
    if (rule === undefined || present === undefined || !isJsonObject(properties)) return resource
    return {
      ...resource,
      properties: literalObject(rule.keep(withoutLiteralMarks(properties), present)),
    }
  })

/** What of a template does not come true, because what is there stays. */
export const settingsThatStay = (
  template: JsonObject,
  subscriptionId: string,
  live: LiveProperties,
): readonly string[] =>
  writtenResources(template, subscriptionId).flatMap(({ id, type, body: { properties } }) => {
    const present = live.get(id.toLowerCase())
    if (present === undefined || !isJsonObject(properties)) return []
    const remark = ruleOf(type)?.remark?.(withoutLiteralMarks(properties), present)
    return remark === undefined ? [] : [`'${lastSegment(id)}': ${remark}`]
  })
