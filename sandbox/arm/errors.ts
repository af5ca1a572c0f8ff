import {
  ArmError,
  type ArmErrorBody,
  type Authorization,
  type Caller,
  callerName,
  denialSentence,
} from '../contracts.ts'
import { guidPattern } from '../guid.ts'
import type { Address } from './address.ts'
import { rightName } from './rbac/role.ts'

/** A refusal in the common form. */
export function refusal(status: number, code: string, message: string, target?: string): ArmError {
  return new ArmError(status, { code, message, ...(target === undefined ? {} : { target }) })
}

/** An operation that another one took the place of while it was under way; it ends `Canceled` and not `Failed`. */
export class OperationCanceled extends ArmError {
  constructor(body: ArmErrorBody) {
    super(409, body)
  }
}

/** 400 with a code of the provider. */
export const badRequest = (code: string, message: string, target?: string) =>
  refusal(400, code, message, target)

/** 409 with a code of the provider. */
export const conflict = (code: string, message: string) => refusal(409, code, message)

/** 404 in the sentence of Azure Resource Manager. */
export function resourceNotFound(address: Address): ArmError {
  if (address.type === 'Microsoft.Resources/resourceGroups') return groupNotFound(address.name)
  const path = relativeName(address)
  const where = address.resourceGroup === undefined ? '<null>' : address.resourceGroup
  return refusal(
    404,
    'ResourceNotFound',
    `The Resource '${path}' under resource group '${where}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  )
}

/** 404 of a resource group. */
export const groupNotFound = (name: string) =>
  refusal(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`)

/** 404 of a subscription; 400 of what cannot be one. */
export const subscriptionNotFound = (id: string) =>
  guidPattern.test(id)
    ? refusal(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`)
    : badRequest(
        'InvalidSubscriptionId',
        `The provided subscription identifier '${id}' is malformed or invalid.`,
      )

/** 404 of a child whose parent is not there. */
export function parentNotFound(address: Address): ArmError {
  const path = relativeName(address)
  return refusal(
    404,
    'ParentResourceNotFound',
    `Failed to perform 'write' on resource(s) of type '${address.type.slice(address.type.indexOf('/') + 1)}', because the parent resource '${address.parent ?? path}' could not be found.`,
  )
}

/** A resource names another one that is not there, or not in its region. */
export function invalidReference(from: string, to: string, details: readonly ArmErrorBody[] = []): ArmError {
  return new ArmError(400, {
    code: 'InvalidResourceReference',
    message: `Resource ${to} referenced by resource ${from} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
    details,
  })
}

/** 403 in Azure's sentence. */
export function authorizationFailed(caller: Caller, action: string, scope: string): ArmError {
  return refusal(
    403,
    'AuthorizationFailed',
    `The client '${callerName(caller)}' with object id '${caller.objectId}' does not have authorization to perform action '${rightName(action)}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  )
}

/** 403 for want of a role, or because of a deny assignment. */
export function forbidden(
  authorization: Authorization,
  caller: Caller,
  action: string,
  scope: string,
): ArmError {
  const denial = authorization.deniedBy?.(caller, scope, action)
  if (denial === undefined) return authorizationFailed(caller, action, scope)
  return refusal(
    403,
    'DenyAssignmentAuthorizationFailed',
    denialSentence(caller, rightName(action), scope, denial),
  )
}

/** 403 when the resource is allowed, but not the use of another one that it names. */
export function linkedAuthorizationFailed(
  caller: Caller,
  action: string,
  scope: string,
  linked: { readonly action: string; readonly scope: string },
): ArmError {
  return refusal(
    403,
    'LinkedAuthorizationFailed',
    `The client '${callerName(caller)}' with object id '${caller.objectId}' has permission to perform action '${action}' on scope '${scope}'; however, it does not have permission to perform action(s) '${linked.action}' on the linked scope(s) '${linked.scope}' (respectively) or the linked scope(s) are invalid.`,
  )
}

/** The error envelope as a response, with what Azure puts into the headers. */
export function errorResponse(
  status: number,
  error: ArmErrorBody,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ error }, { status, headers: { 'x-ms-failure-cause': 'gateway', ...headers } })
}

/** An id from its provider on, as Azure Resource Manager names resources in its sentences. */
export function relativeName(address: Pick<Address, 'id'>): string {
  const providers = address.id.toLowerCase().lastIndexOf('/providers/')
  return address.id.slice(providers + '/providers/'.length)
}
