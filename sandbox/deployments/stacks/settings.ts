import { ArmError, type Caller, callerName, type ValidationLevel } from '../../contracts.ts'
import { invalidRequest } from '../errors.ts'
import type { Json, JsonObject } from '../expressions/json.ts'
import { locationOf, readTemplate, tagsOf } from '../http/deployment-request.ts'
import { requireObject, type Target } from '../http/request.ts'
import { readLevel } from '../http/validation-level.ts'
import { isResourceGroupId, isWithin, sameId } from '../ids.ts'
import { present } from '../runs/representation.ts'
import type { ActionOnUnmanage, Stamp, UnmanageAction } from '../state.ts'
import { type GivenParameters, givenParameters } from '../template/parameters.ts'
import { readDenySettings } from './deny-settings.ts'

/** What a request wants of a stack. */
export interface StackRequest {
  readonly name: string
  readonly location: string | undefined
  readonly tags: JsonObject | undefined
  readonly template: Json
  readonly parameters: GivenParameters
  readonly actionOnUnmanage: ActionOnUnmanage
  readonly level: ValidationLevel | undefined
  /** Goes on although the list of what the stack manages may be wrong. */
  readonly bypassOutOfSync: boolean
  /** Where the template is deployed to. */
  readonly deploymentScope: string
  /** What of the request is shown as it came. */
  readonly settings: JsonObject
}

/** Longest name of a stack. Source: @azure/arm-resourcesdeploymentstacks, parameter `deploymentStackName`. */
const maximumName = 90

/** @throws ArmError `InvalidRequestContent` for what is missing or not allowed */
export function readStack(target: Target, name: string, body: JsonObject): StackRequest {
  if (name.length > maximumName || !/^[-\w.()]+$/.test(name))
    throw invalidRequest(
      `The deployment stack name '${name}' is not valid: at most ${maximumName} of letters, digits, '-', '_', '.', '(' and ')'.`,
    )
  const properties = requireObject(body, 'properties')
  const template = readTemplate(properties)
  if (template === undefined) throw invalidRequest("The deployment stack needs a 'template'.")
  const action = requireObject(properties, 'actionOnUnmanage')
  const { description } = properties
  if (typeof description === 'string' && description.length > 4_096)
    throw invalidRequest("The 'description' of a deployment stack is limited to 4096 characters.")
  const actionOnUnmanage = readActions((key) => action[key])
  refuseContradiction(actionOnUnmanage)
  return {
    name,
    location: locationOf(body, name, isResourceGroupId(target.scopeId)),
    tags: tagsOf(body).tags,
    template,
    parameters: givenParameters(properties['parameters']),
    actionOnUnmanage,
    level: readLevel(properties),
    bypassOutOfSync: properties['bypassStackOutOfSyncError'] === true,
    deploymentScope: deploymentScope(properties, target),
    settings: present({
      actionOnUnmanage: { ...actionOnUnmanage },
      denySettings: readDenySettings(requireObject(properties, 'denySettings')),
      description,
      debugSetting: properties['debugSetting'],
      bypassStackOutOfSyncError: properties['bypassStackOutOfSyncError'],
      deploymentScope: properties['deploymentScope'],
      validationLevel: readLevel(properties),
    }),
  }
}

/** The actions from wherever they are written; what is not said is `detach`. */
export function readActions(read: (key: string) => Json | undefined, required = true): ActionOnUnmanage {
  const one = (key: string): UnmanageAction => {
    const value = String(read(key) ?? (key === 'resources' && required ? '' : 'detach')).toLowerCase()
    if (value === 'delete' || value === 'detach') return value
    throw invalidRequest(`The value of 'actionOnUnmanage.${key}' must be 'delete' or 'detach'.`)
  }
  const kept = String(read('resourcesWithoutDeleteSupport') ?? 'fail').toLowerCase()
  if (kept !== 'detach' && kept !== 'fail')
    throw invalidRequest(
      "The value of 'actionOnUnmanage.resourcesWithoutDeleteSupport' must be 'detach' or 'fail'.",
    )
  return {
    resourcesWithoutDeleteSupport: kept,
    resources: one('resources'),
    resourceGroups: one('resourceGroups'),
    managementGroups: one('managementGroups'),
  }
}

/** A resource group cannot go while what is in it stays. */
export function refuseContradiction({ resources, resourceGroups }: ActionOnUnmanage): void {
  if (resources === 'delete' || resourceGroups === 'detach') return
  throw new ArmError(400, {
    code: 'DeploymentStackInvalidDeploymentStackDefinition',
    message:
      "Deployment stack definition is invalid - ActionOnUnmanage is not correctly defined. Cannot set Resources to 'Detach' and Resource Groups to 'Delete'.",
  })
}

/** A stack of a subscription may deploy to one of its resource groups. */
function deploymentScope(properties: JsonObject, target: Target): string {
  const wanted = properties['deploymentScope']
  if (typeof wanted !== 'string' || wanted === '') return target.scopeId
  if (sameId(wanted, target.scopeId)) return wanted
  if (isResourceGroupId(wanted) && isWithin(wanted, target.scopeId)) return wanted
  throw invalidRequest(
    `The deployment scope '${wanted}' is not at or below the scope of the deployment stack.`,
  )
}

/** Who did something now. */
export const stampOf = (caller: Caller, now: Date): Stamp => ({
  by: callerName(caller),
  byType: caller.kind === 'User' ? 'User' : 'Application',
  at: now.toISOString(),
})
