import type { StoredResource } from '../../contracts.ts'
import { sameId } from '../address.ts'
import { badRequest, conflict } from '../errors.ts'
import { at, guidOf, text } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { checkAgentSubnet } from './agent-subnets.ts'
import { heldOfAccount, parentBusy } from './cognitive-services-busy.ts'
import { dataAddress } from './data-addresses.ts'
import { withConnections } from './storage.ts'
import { valuesAt } from './subnet-users.ts'

const type = 'Microsoft.CognitiveServices/accounts'
/** What an account can be. */
export const cognitiveKinds: readonly string[] = [
  'AIServices',
  'OpenAI',
  'CognitiveServices',
  'ComputerVision',
  'ContentSafety',
  'ConversationalLanguageUnderstanding',
  'CustomVision.Prediction',
  'CustomVision.Training',
  'Face',
  'FormRecognizer',
  'HealthInsights',
  'ImmersiveReader',
  'LUIS',
  'SpeechServices',
  'TextAnalytics',
  'TextTranslation',
]

/** Microsoft.CognitiveServices: AI Foundry accounts with their projects and connections. */
export const cognitiveServicesRules: readonly ResourceRules[] = [
  {
    type,
    location: 'required',
    required: ['kind', 'sku.name'],
    lock: (address) => heldOfAccount(address.id),
    busy: parentBusy,
    check: checkAccount,
    complete: ({ properties, address, existing }, world) => {
      const label =
        text(properties['customSubDomainName']) ?? text(at(existing, 'properties.customSubDomainName'))
      const host = label ?? address.name
      return {
        publicNetworkAccess: 'Enabled',
        ...properties,
        ...(label === undefined ? {} : { customSubDomainName: label }),
        endpoint: dataAddress(world, 'cognitiveservices', host),
        endpoints: {
          'AI Foundry API': dataAddress(world, 'foundry', host),
          'OpenAI Language Model Instance API': dataAddress(world, 'openai', host),
        },
      }
    },
    render: withConnections,
    checkRemoval: checkNoProjects,
  },
  {
    type: `${type}/projects`,
    location: 'required',
    lock: (address) => heldOfAccount(address.parent, 'projects'),
    busy: parentBusy,
    check: ({ address }, world) => {
      const account = world.store.get(address.parent ?? '')
      if (account !== undefined && at(account, 'properties.allowProjectManagement') !== true)
        throw badRequest(
          'BadRequest',
          `Account '${account.name}' does not allow projects: 'allowProjectManagement' must be true to create project '${address.name}'.`,
        )
    },
    complete: ({ properties, address, existing }, world) => {
      const account = world.store.get(address.parent ?? '')
      const host = text(at(account, 'properties.customSubDomainName')) ?? address.id.split('/').at(-3) ?? ''
      const api = `${dataAddress(world, 'foundry', host)}api/projects/${address.name}`
      const others = world.store.children(address.parent ?? '', `${type}/projects`)
      return {
        ...properties,
        endpoints: { 'AI Foundry API': api },
        // 32 digits: templates cut them into the GUID by which a project's containers are named.
        internalId: guidOf(address.id).replaceAll('-', ''),
        isDefault: at(existing, 'properties.isDefault') ?? others.length === 0,
      }
    },
  },
  { type: `${type}/connections`, location: 'none', stateless: true },
  { type: `${type}/projects/connections`, location: 'none', stateless: true },
]

function checkAccount(write: Write, world: World): void {
  checkKind(write)
  const label = text(write.properties['customSubDomainName'])
  const before = text(at(write.existing, 'properties.customSubDomainName'))
  if (before !== undefined && label !== undefined && !sameId(before, label))
    throw badRequest('CustomDomainNotUpdatable', 'The custom subdomain name of an account cannot be changed.')
  checkInjection(write)
  for (const subnet of valuesAt(write.body, 'properties.networkInjections[].subnetArmId'))
    checkAgentSubnet(write, subnet, world)
}

/** https://learn.microsoft.com/rest/api/aiservices/accountmanagement/accounts/create: kinds with the SKUs of a region */
function checkKind({ body, existing, recovered, address }: Write): void {
  const kind = text(body['kind']) ?? text((existing ?? recovered)?.['kind']) ?? ''
  if (!cognitiveKinds.some((known) => sameId(known, kind)))
    throw badRequest(
      'InvalidApiSetId',
      `The account type '${kind}' is either invalid or unavailable in given region.`,
      address.name,
    )
}

/** Azure Resource Manager deletes nothing that holds resources of a place of their own. */
function checkNoProjects(account: StoredResource, world: World): void {
  const projects = world.store.children(account.id, `${type}/projects`)
  if (projects.length === 0) return
  const names = projects.map(({ name }) => `${type}/${account.name}/projects/${name}`)
  throw conflict(
    'CannotDeleteResource',
    `Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '${names.join(', ')}'. Please delete all nested resources before deleting this resource.`,
  )
}

/** Agents get their network when the account is created, and keep it. */
function checkInjection(write: Write): void {
  const subnets = (resource: unknown) =>
    valuesAt(resource, 'properties.networkInjections[].subnetArmId').map((id) => id.toLowerCase())
  const wanted = subnets(write.body)
  if (write.existing === undefined) return
  if (wanted.join() === subnets(write.existing).join()) return
  throw badRequest(
    'InvalidResourceProperties',
    `The network injection of account '${write.address.name}' can be set only when the account is created.`,
  )
}
