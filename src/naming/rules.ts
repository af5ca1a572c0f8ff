import { nameRulesOf } from './limits.ts'
import type { NameRule } from './types.ts'

/**
 * The names that do not belong to one resource of the catalogue, as data: pattern, and the limits that Azure (or Entra)
 * sets. What a resource is called stands in the file of its service, or of its part of the common area. `names.ts` renders them all.
 *
 * Patterns keep the accelerator's well-known names. Entra groups are unique in a tenant: they carry the factory's name, its
 * salt and the environment. A group shared by accident would let the people of one factory into another.
 *
 * A salt belongs to one factory, and so to one location: with the salt in it, a name is globally unique. Names in a
 * subscription are distinguished by factory name, location, environment and instance.
 */

const networkName = /^[a-zA-Z0-9](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9_])?$/
const groupName = /^[a-z0-9][a-z0-9_]*[a-z0-9]$/

const resourceGroup = {
  givesWay: 'factory',
  minLength: 1,
  maxLength: 90,
  accepts: /^[a-zA-Z0-9_().-]*[a-zA-Z0-9_()-]$/,
  scope: 'subscription',
  source: nameRulesOf('microsoftresources'),
} as const satisfies Partial<NameRule>

const networkResource = {
  minLength: 1,
  maxLength: 80,
  accepts: networkName,
  scope: 'group',
  source: nameRulesOf('microsoftnetwork'),
} as const satisfies Partial<NameRule>

const privateEndpoint = {
  givesWay: 'value',
  minLength: 2,
  maxLength: 64,
  accepts: networkName,
  scope: 'group',
  source: nameRulesOf('microsoftnetwork'),
} as const satisfies Partial<NameRule>

/** Deployment stacks allow 90 characters, but make a deployment of their own. */
const deployment = {
  givesWay: 'value',
  minLength: 1,
  maxLength: 64,
  accepts: /^[a-zA-Z0-9_.()-]+$/,
  scope: 'subscription',
  source: nameRulesOf('microsoftresources'),
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

/** How every name of a factory in the directory begins: by what distinguishes it from others in the tenant. */
const inDirectory = 'aif{instance}{location}_{factory}{salt}'

/** The beginning that the names of all groups have, in every environment. */
export const groupPrefixRule = { ...entraGroup, pattern: inDirectory } as const satisfies NameRule

/** The names in the common area of one environment, besides those of its resources. */
export const commonRules = {
  resourceGroup: { ...resourceGroup, pattern: '{factory}-esml-common-{location}-{env}-{instance}' },
  deploymentStack: {
    ...deployment,
    givesWay: 'factory',
    pattern: '{factory}-esml-{value}-{location}-{env}-{instance}',
  },
  nestedDeployment: { ...deployment, pattern: '{factory}-{instance}-{location}-common-{env}-{value}' },
  subnet: { ...networkResource, givesWay: 'value', scope: 'network', pattern: 'snet-esml-cmn-{value}' },
  networkSecurityGroup: { ...networkResource, givesWay: 'value', pattern: 'nsg-{value}' },
  privateEndpoint: { ...privateEndpoint, pattern: '{value}-{detail}-pend' },
  coreTeamGroup: {
    ...entraGroup,
    pattern: `${inDirectory}_coreteam_{env}_{value}`,
  },
  /** Of an app registration, where it is shown: those of a tenant may share a name. */
  identity: {
    ...entraGroup,
    maxLength: 120,
    pattern: `${inDirectory}_{env}_{value}`,
    source: 'https://learn.microsoft.com/graph/api/resources/application#properties',
  },
  /** Of a role in Azure, where it is shown among those of all factories and environments of a tenant. */
  customRole: {
    givesWay: 'value',
    minLength: 1,
    maxLength: 128,
    accepts: /^[\w ().-]+$/,
    scope: 'tenant',
    pattern: 'AI Factory {value} ({factory}{salt}-{instance}-{location}-{env})',
    source: 'https://learn.microsoft.com/azure/role-based-access-control/custom-roles#custom-role-properties',
  },
  lakeTraversalGroup: {
    ...entraGroup,
    pattern: `${inDirectory}_lake_{env}_traversal`,
  },
} as const satisfies Record<string, NameRule>

/** The names of one project in one environment, besides those of its resources. */
export const projectRules = {
  resourceGroup: {
    ...resourceGroup,
    pattern: '{factory}-esml-project{project}-{location}-{env}-{instance}-rg',
  },
  deploymentStack: {
    ...deployment,
    givesWay: 'factory',
    pattern: '{factory}-esml-project{project}-{location}-{env}-{instance}',
  },
  nestedDeployment: {
    ...deployment,
    pattern: '{factory}-{instance}-{location}-prj{project}-{env}-{value}',
  },
  subnet: { ...networkResource, givesWay: 'value', scope: 'network', pattern: 'snt-prj{project}-{value}' },
  networkSecurityGroup: {
    ...networkResource,
    givesWay: 'value',
    pattern: '{value}-nsg-prj{project}-{location}-{env}',
  },
  privateEndpoint: { ...privateEndpoint, pattern: '{value}-{detail}-pend' },
  personaGroup: {
    ...entraGroup,
    pattern: `${inDirectory}_prj{project}_{env}_{value}`,
  },
} as const satisfies Record<string, NameRule>
