import { z } from 'zod'
import type { Arm } from '../../azure/arm.ts'
import { explaining } from '../../azure/errors.ts'
import { sameText } from '../../resource-id.ts'
import type { Finding } from './finding.ts'
import type { Situation } from './situation.ts'

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
type Provider = z.output<typeof providerSchema>

/** Are the resource providers registered, and do they offer each type in the region? One list says it all. */
export async function checkProviders({ arm, resources, target }: Situation): Promise<readonly Finding[]> {
  const { subscriptionId, location, at } = target.project.factory
  const providers = await listProviders(arm, subscriptionId)
  // Subnets and their network security groups are not in the template.
  const types = [...resources, { type: 'Microsoft.Network/networkSecurityGroups' }].map(({ type }) => type)
  const findings = [
    ...unregisteredNamespaces(types, providers).map((namespace) => unregistered(namespace, providers)),
    ...misplacedTypes(types, location, providers).map((finding) => ({ ...finding, where: at('location') })),
  ]
  if (findings.length > 0) return findings
  return [
    { severity: 'good', what: `All resource providers are registered, and offer every type in ${location}.` },
  ]
}

/** Lists all providers as a subscription has them. https://learn.microsoft.com/rest/api/resources/providers/list */
export const listProviders = (arm: Pick<Arm, 'list'>, subscriptionId: string): Promise<readonly Provider[]> =>
  explaining('Listing the resource providers', () =>
    arm.list(
      { path: `/subscriptions/${subscriptionId}/providers`, apiVersion: '2021-04-01' },
      providerSchema,
    ),
  )

const find = (namespace: string, providers: readonly Provider[]): Provider | undefined =>
  providers.find((one) => sameText(one.namespace, namespace))

/** The providers of these types that a subscription is not registered with. Pure. */
export const unregisteredNamespaces = (
  types: readonly string[],
  providers: readonly Provider[],
): readonly string[] =>
  [...new Set(types.map((type) => type.split('/')[0] ?? ''))].filter(
    (namespace) => !sameText(find(namespace, providers)?.registrationState ?? '', 'Registered'),
  )

const unregistered = (namespace: string, providers: readonly Provider[]): Finding => ({
  severity: 'fault',
  what: `The resource provider ${namespace} is ${describeState(find(namespace, providers)?.registrationState)}.`,
  why: 'A subscription has only the resources of providers that it is registered with.',
  fix: 'Register it, and wait until it is registered: some minutes.',
  commands: [`az provider register --namespace ${namespace} --wait`],
})

/** The types that their providers do not offer in a region. Pure. */
export const misplacedTypes = (
  types: readonly string[],
  location: string,
  providers: readonly Provider[],
): readonly Finding[] =>
  [...new Set(types)].flatMap((type): readonly Finding[] => {
    const [namespace = '', ...rest] = type.split('/')
    const offered = find(namespace, providers)?.resourceTypes.find((one) =>
      sameText(one.resourceType, rest.join('/')),
    )
    // What lies inside another resource, or is global, names no places.
    if (offered === undefined || offered.locations.length === 0) return []
    const places = offered.locations
    if (places.some((one) => sameText(plain(one), plain(location)) || sameText(one, 'global'))) return []
    return [
      {
        severity: 'fault',
        what: `${type} is not offered in ${location} for this subscription.`,
        why: `Azure offers it in: ${places.slice(0, 15).map(plain).join(', ')}${places.length > 15 ? ', …' : ''}.`,
        fix: 'Choose a region that has it, or switch the service off.',
      },
    ]
  })

const describeState = (state: string | null | undefined): string =>
  state === 'Registering' ? 'being registered' : 'not registered with the subscription'

/** `Sweden Central` as resources write it. */
const plain = (location: string): string => location.replaceAll(/\s/g, '').toLowerCase()
