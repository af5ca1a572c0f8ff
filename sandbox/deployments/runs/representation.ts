import { createHash } from 'node:crypto'
import type { ArmErrorBody } from '../../contracts.ts'
import { type Json, type JsonObject, toJson } from '../expressions/json.ts'
import { type DeploymentRecord, type DeploymentStep, durationBetween } from '../state.ts'

/** Leaves out what is not there. */
export const present = (fields: { readonly [key: string]: Json | undefined }): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, Json] => field[1] !== undefined),
  )

/** An error as JSON. */
export const errorJson = (error: ArmErrorBody): Json => toJson(error)

/** Azure hashes the template; the sandbox's hash is stable and has Azure's form, and is not Azure's number. */
const templateHash = (template: Json): string =>
  BigInt(`0x${createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 16)}`).toString()

/** The properties of a deployment, as it is shown. */
export function deploymentProperties(record: DeploymentRecord): JsonObject {
  return present({
    templateHash: templateHash(record.template),
    parameters: record.parameters,
    mode: record.mode,
    validationLevel: record.level,
    provisioningState: record.provisioningState,
    timestamp: record.timestamp,
    duration: durationBetween(record.started, record.timestamp),
    correlationId: record.correlationId,
    providers: record.providers,
    dependencies: record.dependencies,
    outputs: record.outputs,
    outputResources: record.outputResources.map((id) => ({ id })),
    error: record.error === undefined ? undefined : errorJson(record.error),
  })
}

/** A deployment, as it is shown. */
export function deploymentBody(record: DeploymentRecord): JsonObject {
  return present({
    id: record.id,
    name: record.name,
    type: 'Microsoft.Resources/deployments',
    location: record.location,
    tags: record.tags,
    properties: deploymentProperties(record),
  })
}

/** A step of a deployment, as `/operations` lists it. */
export function stepBody(record: DeploymentRecord, step: DeploymentStep): JsonObject {
  return {
    id: `${record.id}/operations/${step.operationId}`,
    operationId: step.operationId,
    properties: present({
      provisioningOperation: step.provisioningOperation,
      provisioningState: step.provisioningState,
      timestamp: step.timestamp,
      duration: durationBetween(step.started, step.timestamp),
      trackingId: step.operationId,
      statusCode: step.statusCode,
      statusMessage:
        step.error === undefined ? undefined : { status: 'Failed', error: errorJson(step.error) },
      targetResource: step.target === undefined ? undefined : { ...step.target },
    }),
  }
}
