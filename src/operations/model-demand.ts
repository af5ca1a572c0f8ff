import { z } from 'zod'
import type { Arm } from '../azure/arm.ts'
import { explaining } from '../azure/errors.ts'
import { isMissing } from '../azure/failure.ts'
import type { Session } from '../azure/session.ts'
import { type OfferedModel, openRegionOffers, type Usage } from '../azure/usages.ts'
import { numberIn, textIn } from '../compose/json-reading.ts'
import type { WrittenResource } from '../compose/template-summary.ts'
import { sameText } from '../resource-id.ts'
import { together } from './together.ts'

/** The type of the accounts that models are deployed in. */
export const accounts = 'Microsoft.CognitiveServices/accounts'
const deployments = `${accounts}/deployments`

/** A deployment of a model, as the template asks for it. */
export interface WantedModel {
  /** Name of the deployment, with the account's before it. */
  readonly name: string
  readonly format: string
  readonly model: string
  readonly version: string
  readonly sku: string
  readonly capacity: number
  /** What the deployment has already. */
  readonly held: number
}

/** The models of a project, and what their region offers. */
export interface ModelDemand {
  readonly wanted: readonly WantedModel[]
  readonly models: readonly OfferedModel[]
  readonly usages: readonly Usage[]
  readonly location: string
}

/** Where to look for them. */
interface ModelSource {
  readonly session: Session
  readonly arm: Arm
  readonly factory: { readonly subscriptionId: string; readonly location: string }
  /** What the template writes. */
  readonly resources: readonly WrittenResource[]
}

/**
 * Reads what a region offers of the models that a template deploys; undefined when it deploys none.
 * @param exists can this account be there? One that is not has no deployments to list
 */
export async function readModelDemand(
  { session, arm, factory, resources }: ModelSource,
  exists: (accountId: string) => Promise<boolean>,
): Promise<ModelDemand | undefined> {
  const asked = resources.filter(({ type }) => type === deployments)
  if (asked.length === 0) return undefined
  const { subscriptionId, location } = factory
  const offers = await openRegionOffers(session, subscriptionId, location)
  const [models, usages, held] = await together(
    offers.models(),
    offers.usages('Microsoft.CognitiveServices', '2025-12-01'),
    readHeld(arm, resources, exists),
  )
  const wanted = asked.map(
    ({ id, name, body }): WantedModel => ({
      name,
      format: textIn(body, 'properties', 'model', 'format'),
      model: textIn(body, 'properties', 'model', 'name'),
      version: textIn(body, 'properties', 'model', 'version'),
      sku: textIn(body, 'sku', 'name'),
      capacity: numberIn(body, 'sku', 'capacity'),
      held: held.get(id.toLowerCase()) ?? 0,
    }),
  )
  return { wanted, models, usages, location }
}

const heldSchema = z.object({ id: z.string(), sku: z.object({ capacity: z.number().nullish() }).nullish() })

/** The capacity of the deployments that exist, by id in small letters: it counts as used already. */
async function readHeld(
  arm: Arm,
  resources: readonly WrittenResource[],
  exists: (accountId: string) => Promise<boolean>,
): Promise<ReadonlyMap<string, number>> {
  const account = resources.find(({ type }) => type === accounts)
  if (account === undefined || !(await exists(account.id))) return new Map()
  return explaining('Listing the models that are deployed', async () => {
    try {
      const path = `${account.id}/deployments`
      const found = await arm.list({ path, apiVersion: '2025-12-01' }, heldSchema)
      return new Map(found.map(({ id, sku }) => [id.toLowerCase(), sku?.capacity ?? 0]))
    } catch (error) {
      if (isMissing(error)) return new Map()
      throw error
    }
  })
}

/** The versions of a model that the region has. */
export const offersOf = (
  { format, model }: WantedModel,
  { models }: Pick<ModelDemand, 'models'>,
): readonly OfferedModel[] =>
  models.filter((offered) => sameText(offered.format, format) && sameText(offered.name, model))

/** The offer of a model in the version and SKU that is asked for; undefined when the region has it not. */
export const skuOf = (
  one: WantedModel,
  demand: Pick<ModelDemand, 'models'>,
): OfferedModel['skus'][number] | undefined =>
  offersOf(one, demand)
    .find(({ version }) => version === one.version)
    ?.skus.find(({ name }) => sameText(name, one.sku))

/** What is asked of one quota. */
export interface QuotaDemand {
  readonly quota: string
  /** The deployments that count in it. */
  readonly users: readonly WantedModel[]
  /** How much more than they have. */
  readonly more: number
  /** Undefined when Azure does not list the quota. */
  readonly usage: Usage | undefined
}

/** What models that are offered ask of their quotas; deployments of one quota count together. Pure. */
export function quotaDemands(demand: ModelDemand): readonly QuotaDemand[] {
  const offered = demand.wanted.flatMap((one) => {
    const sku = skuOf(one, demand)
    return sku === undefined ? [] : [{ one, quota: sku.usageName }]
  })
  return [...Map.groupBy(offered, ({ quota }) => quota)].map(([quota, same]) => ({
    quota,
    users: same.map(({ one }) => one),
    more: same.reduce((sum, { one }) => sum + Math.max(0, one.capacity - one.held), 0),
    usage: demand.usages.find(({ name }) => sameText(name, quota)),
  }))
}
