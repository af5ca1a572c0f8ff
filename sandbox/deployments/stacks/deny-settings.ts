import type { Denial } from '../../contracts.ts'
import { guidPattern } from '../../guid.ts'
import { invalidRequest } from '../errors.ts'
import { isArray, isObject, type Json, type JsonObject } from '../expressions/json.ts'

const modes = new Map(['denyDelete', 'denyWriteAndDelete', 'none'].map((mode) => [mode.toLowerCase(), mode]))
/**
 * The deny settings of a request.
 * https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks#protect-managed-resources
 * @throws ArmError `InvalidRequestContent`
 */
export function readDenySettings(settings: JsonObject): JsonObject {
  const mode = modes.get(String(settings['mode']).toLowerCase())
  if (mode === undefined)
    throw invalidRequest(
      "The value of 'denySettings.mode' must be 'denyDelete', 'denyWriteAndDelete' or 'none'.",
    )
  const principals = texts(settings, 'excludedPrincipals', 5)
  const stranger = principals.find((id) => !guidPattern.test(id))
  if (stranger !== undefined)
    throw invalidRequest(`The value '${stranger}' of 'denySettings.excludedPrincipals' must be an object id.`)
  texts(settings, 'excludedActions', 200)
  const { applyToChildScopes = false } = settings
  if (typeof applyToChildScopes !== 'boolean')
    throw invalidRequest("The value of 'denySettings.applyToChildScopes' must be true or false.")
  return { applyToChildScopes, ...settings, mode }
}

function texts(settings: JsonObject, name: string, most: number): readonly string[] {
  const value = settings[name] ?? []
  if (!isArray(value) || value.some((item) => typeof item !== 'string'))
    throw invalidRequest(`The value of 'denySettings.${name}' must be a list of strings.`)
  if (value.length > most) throw invalidRequest(`At most ${most} '${name}' are permitted in 'denySettings'.`)
  return value.map(String)
}

/** The mode of deny settings; `none` when there are none. */
export const denyMode = (settings: Json | undefined): string =>
  isObject(settings) ? String(settings['mode'] ?? 'none') : 'none'

/** What each mode forbids: to delete, or everything but to read. */
const forbidden: Readonly<Record<string, { readonly actions: string[]; readonly notActions: string[] }>> = {
  denyDelete: { actions: ['*/delete'], notActions: [] },
  denyWriteAndDelete: { actions: ['*'], notActions: ['*/read'] },
}

/** What a stack with these settings forbids on the resources that it manages. */
export function denialsOf(settings: Json | undefined, ids: readonly string[]): readonly Denial[] {
  const rule = forbidden[denyMode(settings)]
  if (rule === undefined || !isObject(settings)) return []
  const list = (name: string): readonly string[] => {
    const value = settings[name]
    return isArray(value) ? value.map(String) : []
  }
  return ids.map((scope) => ({
    scope,
    applyToChildScopes: settings['applyToChildScopes'] === true,
    actions: rule.actions,
    notActions: [...rule.notActions, ...list('excludedActions')],
    excludedPrincipals: list('excludedPrincipals'),
  }))
}
