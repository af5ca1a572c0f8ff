import { z } from 'zod'
import { openArm } from './arm.ts'
import { explaining } from './errors.ts'
import type { Session } from './session.ts'

/** How much a subscription has, and may have, of something in a region. */
export interface Usage {
  readonly name: string
  readonly used: number
  readonly limit: number
}

/** A model that can be deployed in a region, in one version. */
export interface OfferedModel {
  readonly format: string
  readonly name: string
  readonly version: string
  readonly skus: readonly { readonly name: string; readonly usageName: string }[]
}

/** A size of machines in a region. */
export interface MachineSize {
  readonly name: string
  readonly family: string
  readonly cores: number
}

/** What a subscription may still have in a region. */
export interface RegionOffers {
  /** Of a provider, e.g. `Microsoft.Search`. */
  readonly usages: (provider: string, apiVersion: string) => Promise<readonly Usage[]>
  readonly models: () => Promise<readonly OfferedModel[]>
  readonly machineSizes: () => Promise<readonly MachineSize[]>
}

const usageSchema = z
  .object({
    currentValue: z.number().nullish(),
    limit: z.number(),
    name: z.object({ value: z.string().nullish() }).nullish(),
  })
  .transform(
    ({ name, currentValue, limit }): Usage => ({
      name: name?.value ?? '',
      used: currentValue ?? 0,
      limit,
    }),
  )

const modelSchema = z
  .object({
    model: z.object({
      format: z.string(),
      name: z.string(),
      version: z.string(),
      skus: z.array(z.object({ name: z.string(), usageName: z.string().nullish() })).nullish(),
    }),
  })
  .transform(
    ({ model }): OfferedModel => ({
      ...model,
      skus: (model.skus ?? []).map(({ name, usageName }) => ({ name, usageName: usageName ?? '' })),
    }),
  )

const sizesSchema = z.object({
  value: z.array(z.object({ name: z.string(), family: z.string().nullish(), vCPUs: z.number().nullish() })),
})

/** Opens them for a region of a subscription. */
export async function openRegionOffers(
  session: Session,
  subscriptionId: string,
  location: string,
): Promise<RegionOffers> {
  const arm = await openArm(session)
  const at = (provider: string, what: string): string =>
    `/subscriptions/${subscriptionId}/providers/${provider}/locations/${location}/${what}`
  return {
    usages: (provider, apiVersion) =>
      explaining(`Reading the quota of ${provider} in ${location}`, () =>
        arm.list({ path: at(provider, 'usages'), apiVersion }, usageSchema),
      ),
    // https://learn.microsoft.com/rest/api/aiservices/accountmanagement/models/list
    models: () =>
      explaining(`Listing the models of ${location}`, () =>
        arm.list(
          { path: at('Microsoft.CognitiveServices', 'models'), apiVersion: '2025-12-01' },
          modelSchema,
        ),
      ),
    // https://learn.microsoft.com/rest/api/azureml/virtual-machine-sizes/list
    machineSizes: () =>
      explaining(`Listing the sizes of machines of ${location}`, async () => {
        const path = at('Microsoft.MachineLearningServices', 'vmSizes')
        const { value } = await arm.get({ path, apiVersion: '2025-12-01' }, sizesSchema)
        return value.map(({ name, family, vCPUs }) => ({ name, family: family ?? '', cores: vCPUs ?? 0 }))
      }),
  }
}
