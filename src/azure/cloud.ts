import { z } from 'zod'
import { UserError } from '../diagnostics/user-error.ts'

/** Where the services of one Azure cloud are. Addresses have no trailing slash. */
export interface Cloud {
  readonly name: string
  readonly resourceManager: string
  readonly resourceManagerScope: string
  /** The Entra authority, e.g. `https://login.microsoftonline.com`. */
  readonly authority: string
  readonly graph: string
  readonly graphScope: string
  /** The same in every cloud. https://learn.microsoft.com/azure/storage/blobs/authorize-access-azure-active-directory */
  readonly storageScope: string
  /** The audience that Entra expects in GitHub's OIDC token. */
  readonly tokenExchangeAudience: string
  /** Is the authority one that Microsoft's discovery service knows? */
  readonly wellKnown: boolean
}

const storageScope = 'https://storage.azure.com/.default'

/**
 * The clouds Microsoft runs for everybody.
 * Endpoints: https://learn.microsoft.com/azure/developer/identity/get-azure-cloud-endpoints and `GET /metadata/endpoints`;
 * audiences: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust
 */
const clouds: Readonly<Record<string, Cloud>> = {
  AzureCloud: {
    name: 'AzureCloud',
    resourceManager: 'https://management.azure.com',
    resourceManagerScope: 'https://management.azure.com/.default',
    authority: 'https://login.microsoftonline.com',
    graph: 'https://graph.microsoft.com',
    graphScope: 'https://graph.microsoft.com/.default',
    storageScope,
    tokenExchangeAudience: 'api://AzureADTokenExchange',
    wellKnown: true,
  },
  AzureUSGovernment: {
    name: 'AzureUSGovernment',
    resourceManager: 'https://management.usgovcloudapi.net',
    resourceManagerScope: 'https://management.usgovcloudapi.net/.default',
    authority: 'https://login.microsoftonline.us',
    graph: 'https://graph.microsoft.us',
    graphScope: 'https://graph.microsoft.us/.default',
    storageScope,
    tokenExchangeAudience: 'api://AzureADTokenExchangeUSGov',
    wellKnown: true,
  },
  AzureChinaCloud: {
    name: 'AzureChinaCloud',
    resourceManager: 'https://management.chinacloudapi.cn',
    resourceManagerScope: 'https://management.chinacloudapi.cn/.default',
    authority: 'https://login.partner.microsoftonline.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    graphScope: 'https://microsoftgraph.chinacloudapi.cn/.default',
    storageScope,
    tokenExchangeAudience: 'api://AzureADTokenExchangeChina',
    wellKnown: true,
  },
}

/** Tokens are sent to these addresses, so they are never sent in the clear. */
const notHttps = 'not an https address'
const address = z.string().pipe(z.url({ protocol: /^https$/, error: notHttps }))

/** The part of `GET /metadata/endpoints` that is used here; api-version 2022-09-01. */
const metadataSchema = z.object({
  name: z.string().default('custom'),
  resourceManager: address.optional(),
  microsoftGraphResourceId: address,
  authentication: z.object({ loginEndpoint: address, audiences: z.array(z.string()).min(1) }),
})

/** What is wrong with one key, in our words: the answer may be anybody's. */
const missing = ({ path, message }: z.core.$ZodIssue): string =>
  message === notHttps
    ? `'${path.join('.')}' is not an https address.`
    : `'${path.join('.')}' is missing, or not what it has to be.`

const withoutSlash = (url: string): string => url.replace(/\/+$/, '')

async function readMetadata(endpoint: string, fetcher: typeof fetch): Promise<unknown> {
  const url = `${endpoint}/metadata/endpoints?api-version=2022-09-01`
  try {
    const response = await fetcher(url)
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    return await response.json()
  } catch (cause) {
    throw new UserError({
      what: `Input 'azure-cloud' is '${endpoint}', but ${url} did not answer with a cloud's endpoints.`,
      why: 'The address may be wrong, the network may not reach it, or its certificate may not be trusted (NODE_EXTRA_CA_CERTS).',
      fix: `Use ${Object.keys(clouds).join(', ')}, or the address of an Azure Resource Manager that serves /metadata/endpoints.`,
      cause,
    })
  }
}

/**
 * The cloud that an `azure-cloud` input names: one of Microsoft's, or the address of an Azure Resource Manager that
 * describes its own cloud (Azure Stack, a sandbox).
 * @throws UserError that names the input
 */
export async function findCloud(input: string, fetcher: typeof fetch = fetch): Promise<Cloud> {
  const known = Object.hasOwn(clouds, input) ? clouds[input] : undefined
  if (known !== undefined) return known
  if (!/^https:\/\/[\w.:[\]-]+\/?$/.test(input)) {
    throw new UserError({
      what: `Input 'azure-cloud' is ${JSON.stringify(input.slice(0, 100))}.`,
      why: 'It is neither the name of a cloud nor an https address.',
      fix: `Use ${Object.keys(clouds).join(', ')}, or an address like https://management.local.azurestack.external.`,
    })
  }
  const endpoint = withoutSlash(input)
  const metadata = await readMetadata(endpoint, fetcher)
  const parsed = metadataSchema.safeParse(Array.isArray(metadata) ? metadata[0] : metadata)
  if (!parsed.success) {
    throw new UserError({
      what: `The endpoints that ${endpoint} describes are not complete: ${parsed.error.issues.map(missing).join(' ')}`,
      fix: "Check that input 'azure-cloud' is the address of an Azure Resource Manager.",
    })
  }
  const { name, resourceManager, microsoftGraphResourceId, authentication } = parsed.data
  const graph = withoutSlash(microsoftGraphResourceId)
  return {
    name,
    resourceManager: withoutSlash(resourceManager ?? endpoint),
    resourceManagerScope: `${withoutSlash(authentication.audiences[0] ?? endpoint)}/.default`,
    authority: withoutSlash(authentication.loginEndpoint),
    graph,
    graphScope: `${graph}/.default`,
    storageScope,
    tokenExchangeAudience: 'api://AzureADTokenExchange',
    wellKnown: false,
  }
}
