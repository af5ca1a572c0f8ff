import { z } from 'zod'
import { isJsonObject, type JsonObject } from '../json.ts'
import { asPath } from '../resource-id.ts'
import { azureError, explaining } from './errors.ts'
import { tellFailedOperations } from './failed-operations.ts'
import { hasCode, isMissing, readFailure } from './failure.ts'
import { allPages, type Page, type PageHeaders, toNextPage } from './next-page.ts'
import { keepingReasons } from './raw-answer.ts'
import { managementOptions, type Session } from './session.ts'
import { type Patience, retryWhile, waitFor } from './waiting.ts'

/** What callers need of any resource. */
export interface ExistingResource {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly location: string | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly properties: JsonObject
  /** Object id of its system-assigned identity, if it has one. */
  readonly identityPrincipalId: string | undefined
}

/** A resource in a list. */
export type ListedResource = Pick<ExistingResource, 'id' | 'name' | 'tags' | 'properties'>

const listSchema = z.object({
  value: z.array(
    z.object({
      id: z.string(),
      name: z.string().default(''),
      tags: z
        .record(z.string(), z.string())
        .nullish()
        .transform((tags) => tags ?? {}),
      properties: z.custom<JsonObject>(isJsonObject).default({}),
    }),
  ),
  nextLink: z.string().nullish(),
})

/**
 * What became of a resource that was to be created: this run made it, it was there already, or it is there after Azure
 * had accepted it from this run and then cancelled.
 */
export type Creation = 'created' | 'existed' | 'uncertain'

/** Any resource of Azure Resource Manager, by id and API version. */
export interface Resources {
  /** The resource, or undefined when it does not exist. */
  readonly read: (id: string, apiVersion: string) => Promise<ExistingResource | undefined>
  /** The children of one type, e.g. `…/databaseAccounts/x/sqlRoleAssignments`; none when the parent does not exist. */
  readonly list: (collectionId: string, apiVersion: string) => Promise<readonly ListedResource[]>
  /**
   * Creates or replaces a resource and waits until it is there. Refusals because something else is changing the same
   * VNet or account are waited out.
   */
  readonly put: (id: string, apiVersion: string, body: JsonObject) => Promise<void>
  /** As `put`, but looks before each attempt, and leaves a resource alone that is there. */
  readonly create: (id: string, apiVersion: string, body: JsonObject) => Promise<Creation>
  /** Deletes a resource and waits until it is gone; one that is not there is no error. */
  readonly remove: (id: string, apiVersion: string) => Promise<void>
}

/** A change that Azure had accepted, and gave up for another one. https://github.com/microsoft/AzureTRE/issues/3177 */
const cancelled = ['Canceled', 'CanceledAndSupersededDueToAnotherOperation']

/**
 * Codes of conflicts that pass by themselves: https://github.com/Azure/terraform-provider-azapi/issues/503 and, for the
 * retryable ones and what is inside them, https://github.com/kubernetes-sigs/cluster-api-provider-azure/issues/4385 and
 * https://github.com/hashicorp/terraform-provider-azurerm/issues/30197
 */
const passing = [
  'AnotherOperationInProgress',
  'RetryableError',
  'RetryableErrorDueToAnotherOperation',
  'ReferencedResourceNotProvisioned',
  ...cancelled,
]

const temporary = (error: unknown): string | undefined =>
  hasCode(error, ...passing) ? `Azure is busy with it (${readFailure(error).code})` : undefined

/** Twenty runs that claim subnets in one VNet take some minutes, since each change takes it 5 to 10 seconds. */
const patience: Patience = { minutes: 20 }

const shortName = (id: string): string => `'${id.split('/').slice(-2).join('/')}'`

/** Opens the generic door to Azure Resource Manager. */
export async function openResources(session: Session): Promise<Resources> {
  const { ResourceManagementClient } = await import('@azure/arm-resources')
  const options = managementOptions(session)
  const client = new ResourceManagementClient(session.credential, {
    ...options,
    additionalPolicies: [...options.additionalPolicies, toNextPage, tellFailedOperations],
  })

  const read: Resources['read'] = async (id, apiVersion) => {
    try {
      const found = await client.resources.getById(asPath(id), apiVersion)
      return {
        id: found.id ?? id,
        name: found.name ?? '',
        type: found.type ?? '',
        location: found.location,
        tags: found.tags ?? {},
        properties: isJsonObject(found.properties) ? found.properties : {},
        identityPrincipalId: found.identity?.principalId,
      }
    } catch (error) {
      if (isMissing(error)) return undefined
      throw azureError(error, `Reading ${shortName(id)}`)
    }
  }

  const readPage = async (
    collectionId: string,
    apiVersion: string,
    headers: PageHeaders,
  ): Promise<Page<ListedResource>> => {
    let body = ''
    // The client knows the shape of one resource only; the list is in the body it received. It is read after that: what
    // comes with a failure need not be JSON, and the failure says more.
    await client.resources.getById(asPath(collectionId), apiVersion, {
      requestOptions: { headers: { ...headers } },
      onResponse: ({ bodyAsText }) => {
        body = bodyAsText ?? ''
      },
    })
    return listSchema.parse(JSON.parse(body))
  }

  const putOnce = (id: string, apiVersion: string, body: JsonObject): Promise<void> =>
    keepingReasons((options) =>
      waitFor(
        client.resources.createOrUpdateById(asPath(id), apiVersion, { ...body }, options),
        shortName(id),
        session,
      ),
    )

  const removeOnce = (id: string, apiVersion: string): Promise<void> =>
    keepingReasons((options) =>
      waitFor(client.resources.deleteById(asPath(id), apiVersion, options), shortName(id), session),
    )

  const waitingOut = <T>(what: string, work: () => Promise<T>): Promise<T> =>
    explaining(what, () => retryWhile(work, temporary, what, session, patience))

  return {
    read,
    list: (collectionId, apiVersion) =>
      explaining(`Listing ${shortName(collectionId)}`, async () => {
        try {
          return await allPages(session.cloud.resourceManager, (headers) =>
            readPage(collectionId, apiVersion, headers),
          )
        } catch (error) {
          if (isMissing(error) || hasCode(error, 'ParentResourceNotFound')) return []
          throw error
        }
      }),
    put: (id, apiVersion, body) =>
      waitingOut(`Writing ${shortName(id)}`, () => putOnce(id, apiVersion, body)),
    create: (id, apiVersion, body) => {
      let wasCancelled = false
      return waitingOut(`Writing ${shortName(id)}`, async () => {
        if ((await read(id, apiVersion)) !== undefined) return wasCancelled ? 'uncertain' : 'existed'
        try {
          await putOnce(id, apiVersion, body)
        } catch (error) {
          wasCancelled ||= hasCode(error, ...cancelled)
          throw error
        }
        return 'created'
      })
    },
    remove: (id, apiVersion) =>
      waitingOut(`Deleting ${shortName(id)}`, async () => {
        try {
          await removeOnce(id, apiVersion)
        } catch (error) {
          if (!isMissing(error)) throw error
        }
      }),
  }
}
