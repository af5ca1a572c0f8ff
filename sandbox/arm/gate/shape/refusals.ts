import { ArmError } from '../../../contracts.ts'
import type { Write } from '../../rules.ts'
import { type Fault, type Misfit, type Place, writePlace } from './misfit.ts'

/** How a provider words that a request does not have the form of its type. */
interface Wording {
  readonly code: string
  /** What it says; `{0}` is the sentence about the fault. */
  readonly message: string
  /** Code of the detail that holds the sentence, when the message does not. */
  readonly detail?: string
}

/**
 * Azure Resource Manager's own: the members at the top of a resource.
 * https://github.com/Azure/azure-sdk-for-java/issues/646
 */
const own: Wording = {
  code: 'InvalidRequestContent',
  message: "The request content was invalid and could not be deserialized: '{0}'.",
}

/** By namespace in lower case. What is not here is worded as Azure Resource Manager does. */
const wordings: Readonly<Record<string, Wording>> = {
  // https://github.com/Azure/azure-cli/issues/16205
  'microsoft.network': {
    code: 'InvalidRequestFormat',
    message: 'Cannot parse the request.',
    detail: 'InvalidJson',
  },
  // https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-terminate-notification
  'microsoft.compute': { code: 'BadRequest', message: '{0}' },
}

/** The refusal of a request that does not fit. */
export function refusalOf({ fault, place }: Misfit, { address, body }: Write): ArmError {
  const [namespace = ''] = address.type.toLowerCase().split('/')
  const { code, message, detail } = (isOwn(fault, place) ? undefined : wordings[namespace]) ?? own
  const target = writePlace(place)
  const sentence = sentenceOf(fault, place, address.type, positionOf(body, place))
  const isReference = detail !== undefined && fault.kind === 'missing' && fault.member === 'id'
  const inner = isReference
    ? { code: 'MissingJsonReferenceId', message: `Value for reference id is missing. Path ${target}.` }
    : { code: detail ?? code, message: sentence }
  return new ArmError(400, {
    code,
    message: message.replace('{0}', () => sentence),
    ...(target === '' ? {} : { target }),
    ...(detail === undefined ? {} : { details: [inner] }),
  })
}

/** What Azure Resource Manager reads before it asks the provider. */
const envelope = new Set(['tags', 'location', 'identity', 'plan', 'zones', 'extendedLocation', 'managedBy'])

function isOwn(fault: Fault, place: Place): boolean {
  const depth = fault.kind === 'missing' ? place.length + 1 : place.length
  return depth <= 1 || envelope.has(String(place[0]))
}

function sentenceOf(fault: Fault, place: Place, type: string, position: number): string {
  const where = `Path '${writePlace(place)}', line 1, position ${position}.`
  switch (fault.kind) {
    case 'unknown':
      return `Could not find member '${fault.member}' on object of type '${objectName(place.slice(0, -1), type)}'. ${where}`
    case 'missing':
      return `Required property '${fault.member}' not found in JSON. ${where}`
    case 'read-only':
      return `The property '${fault.member}' is read-only and cannot be set. ${where}`
    case 'twice':
      return `Can not add property ${fault.member} to Newtonsoft.Json.Linq.JObject. Property with the same name already exists on object. ${where}`
    case 'type':
      return `Error converting value ${JSON.stringify(fault.value)} to type '${fault.expected}'. ${where}`
    case 'choice':
      return `Error converting value ${JSON.stringify(fault.value)} to type '${objectName(place, type)}': the allowed values are '${fault.allowed.join(', ')}'. ${where}`
    case 'bounds':
      return `The value ${JSON.stringify(fault.value)} must ${fault.reason}. ${where}`
  }
}

/** A name as a provider's code might have it: `VirtualNetworkProperties`. */
function objectName(place: Place, type: string): string {
  const step = place.findLast((one) => typeof one === 'string')
  if (step === undefined) return 'ResourceDefinition'
  const resource = capitalised(String(type.split('/').at(-1))).replace(/s$/, '')
  return place.length === 1 && step === 'properties' ? `${resource}Properties` : capitalised(String(step))
}

const capitalised = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

/** Where in the request, written in one line, a place is. */
function positionOf(body: unknown, place: Place): number {
  const text = JSON.stringify(body)
  let position = 0
  for (const step of place) {
    const next = typeof step === 'string' ? text.indexOf(`${JSON.stringify(step)}:`, position) : position
    position = next < 0 ? position : next + (typeof step === 'string' ? JSON.stringify(step).length + 1 : 0)
  }
  return position
}
