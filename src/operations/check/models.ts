import { z } from 'zod'
import { explaining } from '../../azure/errors.ts'
import { isMissing } from '../../azure/failure.ts'
import { type OfferedModel, openRegionOffers, type Usage } from '../../azure/usages.ts'
import { sameText } from '../../resource-id.ts'
import { type Finding, notListed } from './finding.ts'
import { numberIn, textIn } from './json-reading.ts'
import { placeOf } from './service-of.ts'
import type { Situation } from './situation.ts'

const accounts = 'Microsoft.CognitiveServices/accounts'
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

/** Does the region offer the models in their SKUs, with enough quota left? */
export async function checkModels(situation: Situation): Promise<readonly Finding[]> {
  const { session, resources, target } = situation
  const { subscriptionId, location } = target.project.factory
  const wanted = resources.filter(({ type }) => type === deployments)
  if (wanted.length === 0) return []
  const offers = await openRegionOffers(session, subscriptionId, location)
  const [models, usages, held] = await Promise.all([
    offers.models(),
    offers.usages('Microsoft.CognitiveServices', '2025-12-01'),
    readHeld(situation),
  ])
  const asked = wanted.map(
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
  const where = placeOf(situation, accounts)
  const findings = modelFindings(asked, { models, usages, location })
  if (findings.length > 0) return findings.map((finding) => ({ where, ...finding }))
  return [{ severity: 'good', what: `${location} offers all ${asked.length} models, with quota left.` }]
}

const heldSchema = z.object({ id: z.string(), sku: z.object({ capacity: z.number().nullish() }).nullish() })

/** The capacity of the deployments that exist, by id in small letters: it counts as used already. */
async function readHeld({ arm, resources, existing }: Situation): Promise<ReadonlyMap<string, number>> {
  const { has } = await existing()
  const account = resources.find(({ type, id }) => type === accounts && has(id))
  if (account === undefined) return new Map()
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

interface Offer {
  readonly models: readonly OfferedModel[]
  readonly usages: readonly Usage[]
  readonly location: string
}

/** What stands against deploying these models. Deployments of one quota count together. Pure. */
function modelFindings(wanted: readonly WantedModel[], offer: Offer): readonly Finding[] {
  const judged = wanted.map((one) => ({ one, offered: offeredTo(one, offer) }))
  const missing = judged.flatMap(({ offered }) => ('severity' in offered ? [offered] : []))
  const quotas = Map.groupBy(
    judged.flatMap(({ one, offered }) =>
      'usageName' in offered ? [{ one, usageName: offered.usageName }] : [],
    ),
    ({ usageName }) => usageName,
  )
  const short = [...quotas].flatMap(([usageName, users]): readonly Finding[] => {
    const usage = offer.usages.find(({ name }) => sameText(name, usageName))
    const more = users.reduce((sum, { one }) => sum + Math.max(0, one.capacity - one.held), 0)
    const names = users.map(({ one }) => `'${one.name}'`).join(', ')
    if (more === 0) return []
    if (usage === undefined) return [notListed(usageName, offer.location, names)]
    if (usage.used + more <= usage.limit) return []
    return [
      {
        severity: 'fault',
        what: `The quota ${usageName} in ${offer.location} is too small for ${names}: ${more} more are needed, ${Math.max(0, usage.limit - usage.used)} of ${usage.limit} are left.`,
        why: 'The quota counts for all of the subscription in this region.',
        fix: `Give the models a capacity that fits, delete deployments that nobody uses, or request more quota.`,
        more: 'https://learn.microsoft.com/azure/foundry/openai/how-to/quota',
      } as const,
    ]
  })
  return [...missing, ...short]
}

function offeredTo(one: WantedModel, { models, location }: Offer): Finding | { readonly usageName: string } {
  const named = models.filter(({ format, name }) => sameText(format, one.format) && sameText(name, one.model))
  const version = named.find((model) => model.version === one.version)
  const sku = version?.skus.find(({ name }) => sameText(name, one.sku))
  if (sku !== undefined) return { usageName: sku.usageName }
  const it = `${one.model} ${one.version} (${one.format})`
  if (named.length === 0) {
    return fault(
      `${location} does not offer the model ${it}.`,
      'Choose a model that the region has: az cognitiveservices model list --location …',
    )
  }
  if (version === undefined) {
    return fault(
      `${location} does not offer the version ${it}.`,
      `Choose one of its versions: ${named.map((model) => model.version).join(', ')}.`,
    )
  }
  return fault(
    `${location} does not offer the model ${it} as ${one.sku}.`,
    `Choose one of: ${version.skus.map(({ name }) => name).join(', ')}.`,
  )
}

const fault = (what: string, fix: string): Finding => ({ severity: 'fault', what, fix })
