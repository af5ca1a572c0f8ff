import {
  accounts,
  type ModelDemand,
  offersOf,
  quotaDemands,
  readModelDemand,
  skuOf,
  type WantedModel,
} from '../model-demand.ts'
import { type Finding, notListed } from './finding.ts'
import { placeOf } from './service-of.ts'
import type { Situation } from './situation.ts'

/** Does the region offer the models in their SKUs, with enough quota left? */
export async function checkModels(situation: Situation): Promise<readonly Finding[]> {
  const { existing, target } = situation
  const { factory } = target.project
  const exists = async (id: string): Promise<boolean> => (await existing()).has(id)
  const demand = await readModelDemand({ ...situation, factory }, exists)
  if (demand === undefined) return []
  const where = placeOf(situation, accounts)
  const findings = modelFindings(demand)
  if (findings.length > 0) return findings.map((finding) => ({ where, ...finding }))
  const { location, wanted } = demand
  return [{ severity: 'good', what: `${location} offers all ${wanted.length} models, with quota left.` }]
}

/** What stands against deploying these models. Pure. */
function modelFindings(demand: ModelDemand): readonly Finding[] {
  const { location, wanted } = demand
  const missing = wanted.flatMap((one) => notOffered(one, demand) ?? [])
  const short = quotaDemands(demand).flatMap(({ quota, users, more, usage }): readonly Finding[] => {
    const names = users.map(({ name }) => `'${name}'`).join(', ')
    if (more === 0) return []
    if (usage === undefined) return [notListed(quota, location, names)]
    if (usage.used + more <= usage.limit) return []
    return [
      {
        severity: 'fault',
        what: `The quota ${quota} in ${location} is too small for ${names}: ${more} more are needed, ${Math.max(0, usage.limit - usage.used)} of ${usage.limit} are left.`,
        why: 'The quota counts for all of the subscription in this region.',
        fix: `Give the models a capacity that fits, delete deployments that nobody uses, or request more quota.`,
        more: 'https://learn.microsoft.com/azure/foundry/openai/how-to/quota',
      } as const,
    ]
  })
  return [...missing, ...short]
}

function notOffered(one: WantedModel, demand: ModelDemand): Finding | undefined {
  if (skuOf(one, demand) !== undefined) return undefined
  const { location } = demand
  const named = offersOf(one, demand)
  const version = named.find((model) => model.version === one.version)
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
