import { z } from 'zod'
import { explaining } from '../../azure/errors.ts'
import { sameText } from '../../resource-id.ts'
import type { Finding } from './finding.ts'
import type { PlannedResource, Situation } from './situation.ts'

const providerSchema = z.object({
  namespace: z.string(),
  registrationState: z.string().nullish(),
  resourceTypes: z
    .array(
      z.object({
        resourceType: z.string(),
        locations: z
          .array(z.string())
          .nullish()
          .transform((list) => list ?? []),
      }),
    )
    .nullish()
    .transform((list) => list ?? []),
})
/** A resource provider as a subscription has it. */
export type Provider = z.output<typeof providerSchema>

/** Are the resource providers registered, and do they offer each type in the region? One list says it all. */
export async function checkProviders({ arm, resources, target }: Situation): Promise<readonly Finding[]> {
  const { subscriptionId, location, at } = target.project.factory
  const providers = await explaining('Listing the resource providers', () =>
    // https://learn.microsoft.com/rest/api/resources/providers/list
    arm.list(
      { path: `/subscriptions/${subscriptionId}/providers`, apiVersion: '2021-04-01' },
      providerSchema,
    ),
  )
  // Subnets and their network security groups are not in the template.
  const types = [...resources, { type: 'Microsoft.Network/networkSecurityGroups' }].map(({ type }) => type)
  const findings = providerFindings(types, location, providers)
  if (findings.length > 0) {
    return findings.map(({ isRegional, ...finding }) => ({
      ...finding,
      ...(isRegional && { where: at('location') }),
    }))
  }
  return [
    { severity: 'good', what: `All resource providers are registered, and offer every type in ${location}.` },
  ]
}

interface ProviderFinding extends Finding {
  readonly isRegional: boolean
}

/** What is wrong with the providers of these types. Pure. */
function providerFindings(
  types: readonly PlannedResource['type'][],
  location: string,
  providers: readonly Provider[],
): readonly ProviderFinding[] {
  const namespaces = [...new Set(types.map((type) => type.split('/')[0] ?? ''))]
  const find = (namespace: string) => providers.find((one) => sameText(one.namespace, namespace))
  const unregistered = namespaces.filter((namespace) => {
    const state = find(namespace)?.registrationState ?? ''
    return !sameText(state, 'Registered')
  })
  const elsewhere = [...new Set(types)].flatMap((type) => {
    const [namespace = '', ...rest] = type.split('/')
    const offered = find(namespace)?.resourceTypes.find((one) => sameText(one.resourceType, rest.join('/')))
    // What lies inside another resource, or is global, names no places.
    if (offered === undefined || offered.locations.length === 0) return []
    return offered.locations.some((one) => sameText(plain(one), plain(location)) || sameText(one, 'global'))
      ? []
      : [{ type, places: offered.locations }]
  })
  return [
    ...unregistered.map(
      (namespace): ProviderFinding => ({
        isRegional: false,
        severity: 'fault',
        what: `The resource provider ${namespace} is ${describeState(find(namespace)?.registrationState)}.`,
        why: 'A subscription has only the resources of providers that it is registered with.',
        fix: 'Register it, and wait until it is registered: some minutes.',
        commands: [`az provider register --namespace ${namespace} --wait`],
      }),
    ),
    ...elsewhere.map(
      ({ type, places }): ProviderFinding => ({
        isRegional: true,
        severity: 'fault',
        what: `${type} is not offered in ${location} for this subscription.`,
        why: `Azure offers it in: ${places.slice(0, 15).map(plain).join(', ')}${places.length > 15 ? ', …' : ''}.`,
        fix: 'Choose a region that has it, or switch the service off.',
      }),
    ),
  ]
}

const describeState = (state: string | null | undefined): string =>
  state === 'Registering' ? 'being registered' : 'not registered with the subscription'

/** `Sweden Central` as resources write it. */
const plain = (location: string): string => location.replaceAll(/\s/g, '').toLowerCase()
