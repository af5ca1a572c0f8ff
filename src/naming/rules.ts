/**
 * Every name as data: its pattern, and the limits that Azure (or Entra) sets. `names.ts` renders them.
 *
 * Patterns keep the accelerator's well-known names. Where those were not unique enough, a part was added:
 * - `aiFoundry` had three random characters; here the project number stands there.
 * - `keyVault` ended in the last two digits of the instance, so that 001 and 101 were one name; here instances from 100
 *   on are written in full (`{shortInstance}`).
 * - `machineLearningCluster` and `machineLearningInstance` must be unique in an Azure region, over all customers: they
 *   carry the salt and the instance instead of the location.
 * - Entra groups are unique in a tenant: they carry the factory's name, its salt and the environment. A group shared by
 *   accident would let the people of one factory into another.
 *
 * A salt belongs to one factory, and so to one location: with the salt in it, a name is globally unique. Names in a
 * subscription are told apart by factory name, location, environment and instance.
 */

/** What may stand in a pattern. `{value}` and `{detail}` are given by the caller of a naming function. */
export type Placeholder =
  | 'factory'
  | 'location'
  | 'env'
  | 'instance'
  | 'shortInstance'
  | 'salt'
  | 'project'
  | 'value'
  | 'detail'

/** Where a name must be unique. */
export type Scope = 'global' | 'region' | 'tenant' | 'subscription' | 'group' | 'network' | 'parent'

/** One name: how it is made, and what the service accepts. */
export interface NameRule {
  /** Text with `{placeholders}`. */
  readonly pattern: string
  /** The placeholder that is shortened to a hash when the whole would be too long. */
  readonly givesWay: Placeholder
  readonly minLength: number
  readonly maxLength: number
  /** What the service accepts: alphabet, first and last character, separators. */
  readonly accepts: RegExp
  readonly scope: Scope
  /** Where Azure says so. */
  readonly source: string
}

const resourceNameRules =
  'https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules'
const source = (provider: string): string => `${resourceNameRules}#${provider}`

const lowerCaseAndDigits = /^[a-z0-9]+$/
const wordsWithHyphens = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/
const networkName = /^[a-zA-Z0-9](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9_])?$/
const groupName = /^[a-z0-9][a-z0-9_]*[a-z0-9]$/

const resourceGroup = {
  givesWay: 'factory',
  minLength: 1,
  maxLength: 90,
  accepts: /^[a-zA-Z0-9_().-]*[a-zA-Z0-9_()-]$/,
  scope: 'subscription',
  source: source('microsoftresources'),
} as const satisfies Partial<NameRule>

const storageAccount = {
  givesWay: 'location',
  minLength: 3,
  maxLength: 24,
  accepts: lowerCaseAndDigits,
  scope: 'global',
  source: source('microsoftstorage'),
} as const satisfies Partial<NameRule>

const keyVault = {
  givesWay: 'location',
  minLength: 3,
  maxLength: 24,
  accepts: /^[a-z](?!.*--)[a-z0-9-]*[a-z0-9]$/,
  scope: 'global',
  source: source('microsoftkeyvault'),
} as const satisfies Partial<NameRule>

const containerRegistry = {
  givesWay: 'location',
  minLength: 5,
  maxLength: 50,
  accepts: lowerCaseAndDigits,
  scope: 'global',
  source: source('microsoftcontainerregistry'),
} as const satisfies Partial<NameRule>

const userAssignedIdentity = {
  givesWay: 'location',
  minLength: 3,
  maxLength: 128,
  accepts: /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/,
  scope: 'group',
  source: source('microsoftmanagedidentity'),
} as const satisfies Partial<NameRule>

/** A hyphen must be followed by a letter somewhere, therefore the environment stands last. */
const machineLearningCompute = {
  givesWay: 'salt',
  minLength: 3,
  maxLength: 24,
  accepts: /^[a-zA-Z](?!.*-[0-9]*$)[a-zA-Z0-9-]*$/,
  scope: 'region',
  source:
    'https://learn.microsoft.com/azure/machine-learning/how-to-create-compute-instance#create-a-compute-instance',
} as const satisfies Partial<NameRule>

/** Deployment stacks allow 90 characters, but make a deployment of their own. */
const deployment = {
  givesWay: 'value',
  minLength: 1,
  maxLength: 64,
  accepts: /^[a-zA-Z0-9_.()-]+$/,
  scope: 'subscription',
  source: source('microsoftresources'),
} as const satisfies Partial<NameRule>

/** A group's mailNickname has at most 64 ASCII characters, fewer than its display name may have. */
const entraGroup = {
  givesWay: 'factory',
  minLength: 1,
  maxLength: 64,
  accepts: groupName,
  scope: 'tenant',
  source: 'https://learn.microsoft.com/graph/api/resources/group#properties',
} as const satisfies Partial<NameRule>

/** The names in the common area of one environment. */
export const commonRules = {
  resourceGroup: { ...resourceGroup, pattern: '{factory}-esml-common-{location}-{env}-{instance}' },
  virtualNetwork: {
    pattern: 'vnt-esmlcmn-{location}-{env}-{instance}',
    givesWay: 'location',
    minLength: 2,
    maxLength: 64,
    accepts: networkName,
    scope: 'group',
    source: source('microsoftnetwork'),
  },
  lake: { ...storageAccount, givesWay: 'factory', pattern: '{factory}{salt}esml{instance}{env}' },
  containerRegistry: { ...containerRegistry, pattern: 'acrcommon{salt}{location}{instance}{env}' },
  logAnalytics: {
    pattern: 'la-cmn-{location}-{env}-{salt}-{instance}',
    givesWay: 'location',
    minLength: 4,
    maxLength: 63,
    accepts: wordsWithHyphens,
    scope: 'group',
    source: source('microsoftoperationalinsights'),
  },
  keyVault: { ...keyVault, givesWay: 'salt', pattern: 'kv-cmn{env}-{salt}-{instance}' },
  coreTeamGroup: {
    ...entraGroup,
    pattern: 'aif{instance}{location}_{factory}{salt}_coreteam_{env}_{value}',
  },
  lakeTraversalGroup: {
    ...entraGroup,
    pattern: 'aif{instance}{location}_{factory}{salt}_lake_{env}_traversal',
  },
} as const satisfies Record<string, NameRule>

/** The names of one project in one environment. */
export const projectRules = {
  resourceGroup: {
    ...resourceGroup,
    pattern: '{factory}-esml-project{project}-{location}-{env}-{instance}-rg',
  },
  storage1: { ...storageAccount, pattern: 'saprj{project}{location}{salt}1{instance}{env}' },
  storage2: { ...storageAccount, pattern: 'saprj{project}{location}{salt}2{instance}{env}' },
  keyVault: { ...keyVault, pattern: 'kv-p{project}-{location}-{env}-{salt}{shortInstance}' },
  applicationInsights: {
    pattern: 'ain-prj{project}-{location}-{env}-{salt}-{instance}',
    givesWay: 'location',
    minLength: 1,
    maxLength: 260,
    accepts: wordsWithHyphens,
    scope: 'group',
    source: source('microsoftinsights'),
  },
  projectIdentity: {
    ...userAssignedIdentity,
    pattern: 'mi-prj{project}-{location}-{env}-{salt}-{instance}',
  },
  appsIdentity: {
    ...userAssignedIdentity,
    pattern: 'mi-aca-prj{project}-{location}-{env}-{salt}-{instance}',
  },
  /** Also the account's custom subdomain, which makes it global. */
  aiFoundry: {
    pattern: 'aif2{salt}{project}{instance}{env}',
    givesWay: 'salt',
    minLength: 2,
    maxLength: 64,
    accepts: wordsWithHyphens,
    scope: 'global',
    source: source('microsoftcognitiveservices'),
  },
  aiFoundryProject: {
    pattern: 'aif2-p{project}{instance}{env}',
    givesWay: 'instance',
    minLength: 2,
    maxLength: 64,
    accepts: wordsWithHyphens,
    scope: 'parent',
    source: source('microsoftcognitiveservices'),
  },
  aiSearch: {
    pattern: 'aisearchprj{project}{location}{env}{salt}{instance}',
    givesWay: 'location',
    minLength: 2,
    maxLength: 60,
    accepts: /^[a-z0-9]{2}(?!.*--)(?:[a-z0-9-]*[a-z0-9])?$/,
    scope: 'global',
    source: source('microsoftsearch'),
  },
  cosmosDb: {
    pattern: 'cosmos-prj{project}-{location}-{env}-{salt}-{instance}',
    givesWay: 'location',
    minLength: 3,
    maxLength: 44,
    accepts: /^[a-z0-9][a-z0-9-]*[a-z0-9]$/,
    scope: 'global',
    source: source('microsoftdocumentdb'),
  },
  machineLearning: {
    pattern: 'aml-{project}-{location}-{env}-{salt}-{instance}',
    givesWay: 'location',
    minLength: 3,
    maxLength: 33,
    accepts: wordsWithHyphens,
    scope: 'group',
    source: source('microsoftmachinelearningservices'),
  },
  machineLearningCluster: { ...machineLearningCompute, pattern: 'p{project}-m01{salt}{instance}-{env}' },
  machineLearningInstance: { ...machineLearningCompute, pattern: 'p{project}-i01{salt}{instance}-{env}' },
  containerRegistry: { ...containerRegistry, pattern: 'acrprj{project}genai{location}{salt}{env}{instance}' },
  deploymentStack: {
    ...deployment,
    givesWay: 'factory',
    pattern: '{factory}-esml-project{project}-{location}-{env}-{instance}',
  },
  nestedDeployment: {
    ...deployment,
    pattern: '{factory}-{instance}-{location}-prj{project}-{env}-{value}',
  },
  subnet: {
    pattern: 'snt-prj{project}-{value}',
    givesWay: 'value',
    minLength: 1,
    maxLength: 80,
    accepts: networkName,
    scope: 'network',
    source: source('microsoftnetwork'),
  },
  networkSecurityGroup: {
    pattern: '{value}-nsg-prj{project}-{location}-{env}',
    givesWay: 'value',
    minLength: 1,
    maxLength: 80,
    accepts: networkName,
    scope: 'group',
    source: source('microsoftnetwork'),
  },
  privateEndpoint: {
    pattern: '{value}-{detail}-pend',
    givesWay: 'value',
    minLength: 2,
    maxLength: 64,
    accepts: networkName,
    scope: 'group',
    source: source('microsoftnetwork'),
  },
  personaGroup: {
    ...entraGroup,
    pattern: 'aif{instance}{location}_{factory}{salt}_prj{project}_{env}_{value}',
  },
} as const satisfies Record<string, NameRule>

/** How a subnet is written in names: `genai`, `aca-002`. */
export const subnetSlugs = { genai: 'genai', aca2: 'aca-002' } as const

/** How a persona is written in names of groups. */
export const personaSlugs = {
  lead: 'team_lead',
  dataScientist: 'data_scientist',
  aiEngineer: 'ai_engineer',
  dataEngineer: 'data_engineer',
  frontendDeveloper: 'frontend_developer',
} as const

/** How a role of the core team is written in names of groups. */
export const coreTeamSlugs = { itAdmin: 'it_admin', dataOps: 'data_ops' } as const
