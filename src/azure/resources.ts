import { z } from 'zod'
import { isJsonObject, type JsonObject } from '../json.ts'
import { explaining } from './errors.ts'
import { hasCode, isMissing, readFailure } from './failure.ts'
import { keepingReasons } from './raw-answer.ts'
import { asPath } from './resource-id.ts'
import { managementOptions, type Session } from './session.ts'
import { retryWhile, waitFor } from './waiting.ts'

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
export interface ListedResource {
  readonly id: string
  readonly properties: JsonObject
}

const listSchema = z.object({
  value: z.array(z.object({ id: z.string(), properties: z.custom<JsonObject>(isJsonObject).default({}) })),
})

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
  /** Deletes a resource and waits until it is gone; one that is not there is no error. */
  readonly remove: (id: string, apiVersion: string) => Promise<void>
}

/** Codes of conflicts that pass by themselves. https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling */
const passing = [
  'AnotherOperationInProgress',
  'RetryableError',
  'RetryableErrorDueToAnotherOperation',
  'CanceledAndSupersededDueToAnotherOperation',
  'ReferencedResourceNotProvisioned',
]

const temporary = (error: unknown): string | undefined =>
  hasCode(error, ...passing) ? `Azure is busy with it (${readFailure(error).code})` : undefined

const shortName = (id: string): string => `'${id.split('/').slice(-2).join('/')}'`

/** Opens the generic door to Azure Resource Manager. */
export async function openResources(session: Session): Promise<Resources> {
  const { ResourceManagementClient } = await import('@azure/arm-resources')
  const client = new ResourceManagementClient(session.credential, managementOptions(session))

  return {
    read: async (id, apiVersion) => {
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
        return explaining(`Reading ${shortName(id)}`, () => Promise.reject(error))
      }
    },
    list: (collectionId, apiVersion) =>
      explaining(`Listing ${shortName(collectionId)}`, async () => {
        let body = ''
        try {
          // The client knows the shape of one resource only; the list is in the body it received. It is read after that:
          // what comes with a failure need not be JSON, and the failure says more.
          await client.resources.getById(asPath(collectionId), apiVersion, {
            onResponse: ({ bodyAsText }) => {
              body = bodyAsText ?? ''
            },
          })
        } catch (error) {
          if (isMissing(error) || hasCode(error, 'ParentResourceNotFound')) return []
          throw error
        }
        return listSchema.parse(JSON.parse(body)).value
      }),
    put: (id, apiVersion, body) =>
      explaining(`Writing ${shortName(id)}`, () =>
        retryWhile(
          () =>
            keepingReasons((options) =>
              waitFor(
                client.resources.createOrUpdateById(asPath(id), apiVersion, { ...body }, options),
                shortName(id),
                session,
              ),
            ),
          temporary,
          `Writing ${shortName(id)}`,
          session,
        ),
      ),
    remove: (id, apiVersion) =>
      explaining(`Deleting ${shortName(id)}`, async () => {
        try {
          await retryWhile(
            () =>
              keepingReasons((options) =>
                waitFor(client.resources.deleteById(asPath(id), apiVersion, options), shortName(id), session),
              ),
            temporary,
            `Deleting ${shortName(id)}`,
            session,
          )
        } catch (error) {
          if (!isMissing(error)) throw error
        }
      }),
  }
}
