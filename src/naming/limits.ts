import type { NameRule } from './types.ts'

/** The page on which Azure says what each of its resources may be called, at the part of one provider. */
export const nameRulesOf = (provider: string): string =>
  `https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#${provider}`

/** Letters and digits with hyphens between them. */
export const wordsWithHyphens = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/

const lowerCaseAndDigits = /^[a-z0-9]+$/

/** What a storage account may be called. */
export const storageAccount = {
  givesWay: 'location',
  minLength: 3,
  maxLength: 24,
  accepts: lowerCaseAndDigits,
  scope: 'global',
  source: nameRulesOf('microsoftstorage'),
} as const satisfies Partial<NameRule>

/** What most resources of Microsoft.Network may be called. */
export const networkName = {
  givesWay: 'location',
  minLength: 1,
  maxLength: 80,
  accepts: /^[a-zA-Z0-9](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9_])?$/,
  scope: 'group',
  source: nameRulesOf('microsoftnetwork'),
} as const satisfies Partial<NameRule>

/** What a key vault may be called. */
export const keyVault = {
  givesWay: 'location',
  minLength: 3,
  maxLength: 24,
  accepts: /^[a-z](?!.*--)[a-z0-9-]*[a-z0-9]$/,
  scope: 'global',
  source: nameRulesOf('microsoftkeyvault'),
} as const satisfies Partial<NameRule>

/** What a container registry may be called. */
export const containerRegistry = {
  givesWay: 'location',
  minLength: 5,
  maxLength: 50,
  accepts: lowerCaseAndDigits,
  scope: 'global',
  source: nameRulesOf('microsoftcontainerregistry'),
} as const satisfies Partial<NameRule>
