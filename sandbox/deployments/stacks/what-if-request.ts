import { secondsOf } from '../../periods.ts'
import { invalidRequest } from '../errors.ts'
import { isObject, type JsonObject } from '../expressions/json.ts'
import type { Target } from '../http/request.ts'
import { sameId } from '../ids.ts'
import { readStack, type StackRequest } from './settings.ts'

/** What a request wants to know of a stack. */
export interface WhatIfRequest extends StackRequest {
  /** The stack that is compared; it need not exist. */
  readonly stackId: string
  readonly retentionInterval: string
}

/** @throws ArmError `InvalidRequestContent` for what is missing or not allowed */
export function readWhatIf(target: Target, name: string, body: JsonObject): WhatIfRequest {
  const asked = readStack(target, name, body)
  const properties = isObject(body['properties']) ? body['properties'] : {}
  const { deploymentStackResourceId: stackId, retentionInterval } = properties
  if (typeof stackId !== 'string' || !isStackAt(stackId, target.scopeId))
    throw invalidRequest(
      "The property 'deploymentStackResourceId' is required, and must be the id of a deployment stack at the scope of the request.",
    )
  if (typeof retentionInterval !== 'string' || (secondsOf(retentionInterval) ?? 0) <= 0)
    throw invalidRequest(
      "The property 'retentionInterval' is required, and must be a duration in ISO 8601 format, for instance 'PT3H'.",
    )
  return { ...asked, stackId, retentionInterval }
}

const isStackAt = (id: string, scopeId: string): boolean => {
  const match = /^(.*)\/providers\/Microsoft\.Resources\/deploymentStacks\/[-\w.()]{1,90}$/i.exec(id)
  return match !== null && sameId(match[1] ?? '', scopeId)
}
