import { z } from 'zod'
import { UserError } from '../diagnostics/user-error.ts'
import { openArm } from './arm.ts'
import { explaining } from './errors.ts'
import type { Session } from './session.ts'

/** The resource providers of a subscription. https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types */
export interface ResourceProviders {
  /** How the subscription stands to each, e.g. `NotRegistered`, by namespace in small letters. */
  readonly states: () => Promise<ReadonlyMap<string, string>>
  /**
   * Registers the subscription with providers, and waits until that is done.
   * @throws UserError when Azure refuses one, or does not come to an end
   */
  readonly register: (namespaces: readonly string[]) => Promise<void>
}

const apiVersion = '2021-04-01'
const providerSchema = z.object({ namespace: z.string(), registrationState: z.string().nullish() })

/** Commonly a minute or two. */
const longestWait = 30 * 60_000
const [firstPause, longestPause] = [2_000, 15_000]

/** Opens them. */
export async function openResourceProviders(
  session: Session,
  subscriptionId: string,
): Promise<ResourceProviders> {
  const arm = await openArm(session)
  const path = `/subscriptions/${subscriptionId}/providers`

  // https://learn.microsoft.com/rest/api/resources/providers/list
  const states: ResourceProviders['states'] = () =>
    explaining('Listing the resource providers', async () => {
      const all = await arm.list({ path, apiVersion }, providerSchema)
      return new Map(
        all.map(({ namespace, registrationState }) => [namespace.toLowerCase(), registrationState ?? '']),
      )
    })

  /** https://learn.microsoft.com/rest/api/resources/providers/register */
  const begin = (namespace: string): Promise<unknown> =>
    explaining(`Registering the resource provider '${namespace}'`, () =>
      arm.post(
        {
          path: `${path}/${namespace}/register`,
          apiVersion,
          body: {},
          waitingFor: `the resource provider ${namespace}`,
        },
        providerSchema,
      ),
    )

  return {
    states,
    register: async (namespaces) => {
      for (const namespace of namespaces) await begin(namespace)
      let waited = 0
      for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
        const known = await states()
        const stateOf = (namespace: string): string => known.get(namespace.toLowerCase()) ?? ''
        const open = namespaces.filter((namespace) => !isRegistered(stateOf(namespace)))
        if (open.length === 0) return
        const failed = open.filter((namespace) => stateOf(namespace).toLowerCase() !== 'registering')
        if (failed.length > 0) throw notRegistered(failed)
        if (waited >= longestWait) throw stillRegistering(open)
        session.progress(`Azure registers ${open.join(', ')} (${waited / 1_000} s)`)
        await session.sleep(pause)
        waited += pause
      }
    },
  }
}

/** Is a state that of a provider which the subscription can use? */
export const isRegistered = (state: string): boolean => state.toLowerCase() === 'registered'

const byHand = (namespaces: readonly string[]): string =>
  namespaces.map((namespace) => `az provider register --namespace ${namespace} --wait`).join('; ')

const notRegistered = (namespaces: readonly string[]): UserError =>
  new UserError({
    what: `The subscription could not be registered with ${namespaces.join(', ')}: Azure began, and gave it up.`,
    why: 'The provider may not be offered to this kind of subscription, or the tenant does not allow it.',
    fix: `Let an owner of the subscription register it, who sees Azure's reason: ${byHand(namespaces)}. Or switch off the part that needs it, then run again.`,
  })

const stillRegistering = (namespaces: readonly string[]): UserError =>
  new UserError({
    what: `Azure is still registering ${namespaces.join(', ')} after ${longestWait / 60_000} minutes.`,
    fix: `Wait until that is done (${byHand(namespaces)}), then run again.`,
  })
