import { ArmError } from '../../contracts.ts'
import { type Address, parseAddress } from '../address.ts'
import { badRequest, invalidReference, resourceNotFound } from '../errors.ts'
import type { World, Write } from '../rules.ts'
import type { FoundLink } from './found-links.ts'

type Refuse = (write: Write, link: FoundLink, address: Address, world: World) => ArmError

/** How providers refuse what is not there, by the beginning of their types, the longest first. */
const refusals: readonly (readonly [type: string, refuse: Refuse])[] = [
  [
    'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
    ({ address }, { id }) =>
      badRequest(
        'InvalidPrivateDnsZoneIds',
        `Private Dns Zone group ${address.id} has invalid private dns zone ids ${id}.`,
      ),
  ],
  ['Microsoft.Network/', (write, _link, address, world) => notFoundBeside(write.address.id, address, world)],
  [
    'Microsoft.CognitiveServices/',
    (write, _link, address, world) => notFoundBeside(write.address.id, address, world),
  ],
  [
    'Microsoft.MachineLearningServices/workspaces',
    ({ address }, { id, path }) =>
      badRequest(
        'ValidationError',
        `The resource '${id}' (${path}) that workspace '${address.name}' depends on does not exist.`,
      ),
  ],
  [
    'Microsoft.App/managedEnvironments',
    () =>
      badRequest(
        'ManagedEnvironmentInvalidNetworkConfiguration',
        'The environment network configuration is invalid: The subnet and its addressPrefix could not be found.',
      ),
  ],
]

const otherwise: Refuse = (_write, _link, address) => resourceNotFound(address)

const withoutIdentity: Refuse = ({ address }, { id }) =>
  badRequest(
    'FailedIdentityOperation',
    `Identity operation for resource '${address.id}' failed with error 'Failed to perform resource identity operation. Status: 'BadRequest'. Response: The user assigned identity '${id}' was not found.'.`,
  )

/** The refusal of a provider when a request names what is not there. */
export function missingTarget(write: Write, link: FoundLink, address: Address, world: World): ArmError {
  if (link.path.startsWith('identity.')) return withoutIdentity(write, link, address, world)
  const type = write.address.type.toLowerCase()
  const known = refusals.find(([start]) => type.startsWith(start.toLowerCase()))
  return (known?.[1] ?? otherwise)(write, link, address, world)
}

/**
 * A network looks for what is named beside itself, in its own region and subscription, and names the outermost that it
 * does not find. https://github.com/microsoft-foundry/foundry-samples/issues/657
 */
export function notFoundBeside(from: string, { id, parent }: Address, world: World): ArmError {
  const isInside = parent !== undefined && world.store.get(id) === undefined && isKnown(parent, world)
  if (parent === undefined || isInside) return invalidReference(from, id)
  return invalidReference(from, parent, [{ code: 'NotFound', message: `Resource ${parent} not found.` }])
}

const isKnown = (id: string, world: World): boolean =>
  world.store.get(id) !== undefined || world.isPlanned(id)

/** The refusal of an id that names a resource of another type than can stand there. */
export function wrongType(write: Write, { id, path }: FoundLink, type: string): ArmError {
  const [, ...kinds] = type.split('/')
  if (!/^Microsoft\.Network\//i.test(write.address.type))
    return badRequest(
      'InvalidResourceType',
      `The resource '${id}' at path '${path}' is of type '${parseAddress(id)?.type ?? ''}', where one of type '${type}' is expected.`,
    )
  return new ArmError(400, {
    code: 'InvalidRequestFormat',
    message: 'Cannot parse the request.',
    details: [
      {
        code: 'InvalidJsonReferenceFormat',
        message: `Reference Id ${id} is not formatted correctly. The Id is expected to reference resources of type ${kinds.join('/')}. Path ${path.replace(/\.id$/, '')}.`,
      },
    ],
  })
}
