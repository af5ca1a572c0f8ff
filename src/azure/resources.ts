import { z } from 'zod'
import { isJsonObject, type JsonObject } from '../json.ts'
import { type Address, openArm } from './arm.ts'
import { cancelled, passingConflict } from './conflicts.ts'
import { azureError, explaining } from './errors.ts'
import { hasCode, isMissing } from './failure.ts'
import { type RetryBudget, retryWhile } from './retry.ts'
import type { Session } from './session.ts'

const optionalTags = z
  .record(z.string(), z.string())
  .nullish()
  .transform((tags) => tags ?? {})
const optionalProperties = z
  .custom<JsonObject>(isJsonObject, 'is no object')
  .nullish()
  .transform((properties) => properties ?? {})

const baseSchema = z.object({
  id: z.string(),
  name: z.string().default(''),
  location: z.string().optional(),
  tags: optionalTags,
  properties: optionalProperties,
  identity: z
    .object({
      principalId: z.string().optional(),
      userAssignedIdentities: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
})

const userIdentitiesIn = (identity: z.output<typeof baseSchema>['identity']): readonly string[] =>
  Object.keys(identity?.userAssignedIdentities ?? {})

const listedSchema = baseSchema.transform(({ identity, ...rest }) => ({
  ...rest,
  identityPrincipalId: identity?.principalId,
  userIdentityIds: userIdentitiesIn(identity),
}))

const memberSchema = baseSchema
  .extend({ provisioningState: z.string().optional() })
  .transform(({ identity, ...rest }) => ({ ...rest, userIdentityIds: userIdentitiesIn(identity) }))

const resourceSchema = baseSchema
  .extend({ type: z.string().default(''), sku: z.object({ name: z.string().optional() }).nullish() })
  .transform(({ identity, location, sku, ...rest }) => ({
    ...rest,
    location,
    skuName: sku?.name,
    identityPrincipalId: identity?.principalId,
    userIdentityIds: userIdentitiesIn(identity),
  }))

/** All that Azure says of a resource. */
const wholeSchema = z.custom<JsonObject>(isJsonObject, 'is no object').transform((whole) => ({
  ...whole,
  properties: optionalProperties.parse(whole['properties']),
  etag: z.string().optional().parse(whole['etag']),
}))

/** What callers need of any resource. */
export interface ExistingResource {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly location: string | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly properties: JsonObject
  /** Name of its SKU; undefined when it has none. */
  readonly skuName: string | undefined
  /** Object id of its system-assigned identity, if it has one. */
  readonly identityPrincipalId: string | undefined
  /** Resource ids of the user-assigned identities that it has. */
  readonly userIdentityIds: readonly string[]
}

/** A resource in a list. */
export type ListedResource = Pick<
  ExistingResource,
  'id' | 'name' | 'tags' | 'properties' | 'userIdentityIds'
> &
  Partial<Pick<ExistingResource, 'location' | 'identityPrincipalId'>>

/** A resource in the list of its resource group. */
export type GroupMember = ListedResource & {
  /** `Succeeded`, `Failed`, …; absent when Azure does not say. */
  readonly provisioningState?: string | undefined
}

/**
 * The result of creating a resource: this run created it, it was there already, or it is there after
 * Azure had accepted it from this run and then cancelled.
 */
export type Creation = 'created' | 'existed' | 'uncertain'

/** Any resource of Azure Resource Manager, by id and API version. */
export interface Resources {
  /** The resource, or undefined when it does not exist. */
  readonly read: (id: string, apiVersion: string) => Promise<ExistingResource | undefined>
  /** The children of one type, e.g. `…/databaseAccounts/x/sqlRoleAssignments`; none when the parent does not exist. */
  readonly list: (collectionId: string, apiVersion: string) => Promise<readonly ListedResource[]>
  /** What is in a resource group, parts of resources left out; nothing when the group does not exist. */
  readonly listGroup: (groupId: string) => Promise<readonly GroupMember[]>
  /**
   * Creates or replaces a resource and waits until it is there. Refusals because something else is changing the same
   * VNet or account are waited out.
   * @returns the resource as it is after that
   */
  readonly put: (id: string, apiVersion: string, body: JsonObject) => Promise<ExistingResource>
  /** As `put`, for who does not need the resource: it is not read again. */
  readonly write: (id: string, apiVersion: string, body: JsonObject) => Promise<void>
  /** As `write`, but reads before each attempt, and leaves a resource alone that is there. */
  readonly create: (id: string, apiVersion: string, body: JsonObject) => Promise<Creation>
  /**
   * Reads a resource, and writes what `change` makes of it, with all that it does not know; nothing when it returns
   * undefined. Somebody else's change in between is read too, and kept.
   * @returns whether it was written; false also when the resource does not exist
   */
  readonly update: (
    id: string,
    apiVersion: string,
    change: (properties: JsonObject) => JsonObject | undefined,
  ) => Promise<boolean>
  /**
   * Deletes a resource and waits until it is gone; one that is not there is no error.
   * @param query further parameters, e.g. `forceToPurge`
   */
  readonly remove: (id: string, apiVersion: string, query?: Readonly<Record<string, string>>) => Promise<void>
}

/** Twenty runs that reserve subnets in one VNet take some minutes, since each change takes it 5 to 10 seconds. */
const retryBudget: RetryBudget = { minutes: 20 }

const shortName = (id: string): string => `'${id.split('/').slice(-2).join('/')}'`

/** A subscription has no resource of a namespace that it is not registered for. */
const nothingThere = ['ParentResourceNotFound', 'MissingSubscriptionRegistration'] as const

/** Opens the resources of all subscriptions that the session may see. */
export async function openResources(session: Session): Promise<Resources> {
  const arm = await openArm(session)

  const read: Resources['read'] = async (id, apiVersion) => {
    try {
      return await arm.get({ path: id, apiVersion }, resourceSchema)
    } catch (error) {
      if (isMissing(error)) return undefined
      throw azureError(error, `Reading ${shortName(id)}`)
    }
  }

  const listing = <T>(address: Address, schema: z.ZodType<T>): Promise<readonly T[]> =>
    explaining(`Listing ${shortName(address.path)}`, async () => {
      try {
        return await arm.list(address, schema)
      } catch (error) {
        if (isMissing(error) || hasCode(error, ...nothingThere)) return []
        throw error
      }
    })

  const readWhole = async (id: string, apiVersion: string) => {
    try {
      return await arm.get({ path: id, apiVersion }, wholeSchema)
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  const writeOnce = (id: string, apiVersion: string, body: JsonObject): Promise<void> =>
    arm.write({ path: id, apiVersion, body, waitingFor: shortName(id) })

  const waitingOut = <T>(what: string, work: () => Promise<T>): Promise<T> =>
    explaining(what, () => retryWhile(work, passingConflict, what, session, retryBudget))

  return {
    read,
    list: (path, apiVersion) => listing({ path, apiVersion }, listedSchema),
    // https://learn.microsoft.com/rest/api/resources/resources/list-by-resource-group
    listGroup: (groupId) =>
      listing(
        { path: `${groupId}/resources`, apiVersion: '2021-04-01', query: { $expand: 'provisioningState' } },
        memberSchema,
      ),
    put: (id, apiVersion, body) =>
      waitingOut(`Writing ${shortName(id)}`, () =>
        arm.put({ path: id, apiVersion, body, waitingFor: shortName(id) }, resourceSchema),
      ),
    write: (id, apiVersion, body) =>
      waitingOut(`Writing ${shortName(id)}`, () => writeOnce(id, apiVersion, body)),
    create: (id, apiVersion, body) => {
      let wasCancelled = false
      return waitingOut(`Writing ${shortName(id)}`, async () => {
        if ((await read(id, apiVersion)) !== undefined) return wasCancelled ? 'uncertain' : 'existed'
        try {
          await writeOnce(id, apiVersion, body)
        } catch (error) {
          wasCancelled ||= hasCode(error, ...cancelled)
          throw error
        }
        return 'created'
      })
    },
    update: (id, apiVersion, change) =>
      waitingOut(`Changing ${shortName(id)}`, async () => {
        const found = await readWhole(id, apiVersion)
        const properties = found && change(found.properties)
        if (found === undefined || properties === undefined) return false
        const { etag, ...body } = found
        const ifMatch = etag === undefined ? {} : { ifMatch: etag }
        const written = { path: id, apiVersion, body: { ...body, properties }, ...ifMatch }
        await arm.put({ ...written, waitingFor: shortName(id) }, resourceSchema)
        return true
      }),
    remove: (id, apiVersion, query = {}) =>
      waitingOut(`Deleting ${shortName(id)}`, async () => {
        try {
          await arm.delete({ path: id, apiVersion, query, waitingFor: shortName(id) })
        } catch (error) {
          if (!isMissing(error)) throw error
        }
      }),
  }
}
