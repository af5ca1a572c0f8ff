import { ArmError, type Caller, type ValidationLevel } from '../../contracts.ts'
import { invalidRequest } from '../errors.ts'
import { isObject, type Json, type JsonObject } from '../expressions/json.ts'
import { isResourceGroupId } from '../ids.ts'
import { givenParameters } from '../template/parameters.ts'
import type { DeployRequest } from '../template/plan.ts'
import { requireObject, type Target } from './request.ts'
import { readLevel } from './validation-level.ts'

/** Longest name of a deployment. Source: azure-docs, troubleshooting/common-deployment-errors.md. */
const maximumName = 64

/** @throws ArmError for a name that is too long, or has other characters than letters, digits and `-._()` */
function checkDeploymentName(name: string): void {
  if (name.length > maximumName)
    throw new ArmError(400, {
      code: 'DeploymentNameLengthLimitExceeded',
      message: `The deployment name '${name}' has '${name.length}' characters, and deployment names are limited to '${maximumName}' characters.`,
    })
  if (!/^[-\w.()]+$/.test(name))
    throw new ArmError(400, {
      code: 'DeploymentNameInvalidCharacters',
      message: `The deployment name '${name}' can only contain letters, digits, hyphen '-', dot '.' or underscore '_'.`,
    })
}

/** The validation level in a request's properties, when there is one. */
function levelIn(properties: JsonObject): { readonly level?: ValidationLevel } {
  const level = readLevel(properties)
  return level === undefined ? {} : { level }
}

/** The tags in a body. */
export const tagsOf = (body: JsonObject): { readonly tags?: JsonObject } =>
  isObject(body['tags']) ? { tags: body['tags'] } : {}

/** What a body asks to be deployed. @throws ArmError when it is not a deployment's */
export function readDeployment(
  target: Target,
  name: string,
  body: JsonObject,
  caller: Caller,
): DeployRequest & { readonly tags?: JsonObject } {
  checkDeploymentName(name)
  const properties = requireObject(body, 'properties')
  const mode = String(properties['mode'] ?? '').toLowerCase()
  if (mode !== 'incremental' && mode !== 'complete')
    throw invalidRequest("The deployment property 'mode' must be 'Incremental' or 'Complete'.")
  const inGroup = isResourceGroupId(target.scopeId)
  if (mode === 'complete' && !inGroup)
    throw new ArmError(400, {
      code: 'InvalidDeploymentMode',
      message: "The deployment mode 'Complete' is supported at resource group scope only.",
    })
  return {
    scopeId: target.scopeId,
    name,
    location: locationOf(body, name, inGroup),
    template: readTemplate(properties),
    parameters: givenParameters(properties['parameters']),
    mode: mode === 'complete' ? 'Complete' : 'Incremental',
    ...levelIn(properties),
    caller,
    ...tagsOf(body),
  }
}

/** A template is an object, or its JSON text. */
export function readTemplate(properties: JsonObject): Json | undefined {
  const { template } = properties
  if (properties['templateLink'] !== undefined && template === undefined)
    throw invalidRequest('Templates behind a link are not read by this cloud: send the template itself.')
  if (typeof template !== 'string') return template
  try {
    return JSON.parse(template)
  } catch (error) {
    throw invalidRequest(
      `The template is not valid JSON: ${error instanceof Error ? error.message : 'unknown'}`,
    )
  }
}

/**
 * Data of a subscription's deployment is kept somewhere: its location is required there, and refused at a resource group.
 * @throws ArmError `InvalidDeployment`
 */
export function locationOf(body: JsonObject, name: string, inGroup: boolean): string | undefined {
  const { location } = body
  const given = typeof location === 'string' && location !== '' ? location : undefined
  if (inGroup === (given === undefined)) return given
  const fault = inGroup
    ? `is not allowed for '${name}' at resource group scope`
    : `must be specified for '${name}'`
  throw new ArmError(400, {
    code: 'InvalidDeployment',
    message: `The 'location' property ${fault}. Please see https://aka.ms/deploy-to-subscription for usage details.`,
  })
}
