import { graphAppId } from './graph-service-principal.ts'

/** Resources that tokens can be had for, besides the sandbox's own addresses. */
const wellKnown: readonly string[] = [
  'https://management.azure.com',
  'https://management.core.windows.net',
  'https://graph.microsoft.com',
  graphAppId,
  'https://storage.azure.com',
  'https://vault.azure.net',
  'https://cognitiveservices.azure.com',
  'https://ai.azure.com',
  'https://search.azure.com',
  'https://ml.azure.com',
  'https://containerregistry.azure.net',
  'https://database.windows.net',
  'https://cosmos.azure.com',
]

/** Whether tokens can be had for a resource. `base` is the sandbox's address; trailing slashes do not count. */
export function isKnownResource(resource: string, base: string): boolean {
  const normalised = resource.replace(/\/+$/, '')
  return normalised === base || normalised === `${base}/graph` || wellKnown.includes(normalised)
}

/** Whether a token's audience, without a trailing slash, is Microsoft Graph. */
export function isGraphAudience(audience: string, base: string): boolean {
  return audience === `${base}/graph` || audience === 'https://graph.microsoft.com' || audience === graphAppId
}
