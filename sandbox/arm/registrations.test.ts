/** How subscriptions are registered with resource providers, judged by Microsoft's own client. */
import { afterEach, describe, expect, test } from '@jest/globals'
import { addSubscription } from './index.ts'
import { idOf, refused, type ServedArm, serveArm, stranger, subscription } from './testing/served-arm.ts'
import { setClock } from './testing/set-clock.ts'

const provider = 'Microsoft.ManagedIdentity'
const identity = idOf(`${provider}/userAssignedIdentities`, 'mi-new')
const body = { location: 'swedencentral' }

let arm: ServedArm
afterEach(() => arm.close())

const serveNew = async (options: Parameters<typeof serveArm>[0] = {}) => {
  arm = await serveArm({
    ...options,
    seed: (state) =>
      addSubscription(state, { subscriptionId: subscription, displayName: 'New', registered: [] }),
  })
  return arm.resources.providers
}
const stateOf = async (namespace: string) => (await arm.resources.providers.get(namespace)).registrationState

describe('a new subscription', () => {
  test('is registered with the few providers that every subscription has, and no others', async () => {
    const providers = await serveNew()
    const registered: (string | undefined)[] = []
    for await (const { namespace, registrationState } of providers.list())
      if (registrationState === 'Registered') registered.push(namespace)
    expect(registered).toEqual([
      'Microsoft.Authorization',
      'Microsoft.Consumption',
      'Microsoft.CostManagement',
      'Microsoft.Features',
      'Microsoft.Portal',
      'Microsoft.Resources',
    ])
    expect(await stateOf(provider)).toBe('NotRegistered')
    expect(await arm.refusal(identity, body)).toBe('MissingSubscriptionRegistration')
  })

  test('registers a provider, which refuses it until that is done', async () => {
    const clock = setClock()
    const providers = await serveNew({ clock, durationScale: 60 })
    expect((await providers.register(provider)).registrationState).toBe('Registering')
    expect(await arm.refusal(identity, body)).toBe('MissingSubscriptionRegistration')
    expect((await providers.register(provider)).registrationState).toBe('Registering')
    clock.passDays(1)
    expect(await stateOf(provider)).toBe('Registered')
    expect((await providers.register(provider)).registrationState).toBe('Registered')
    expect(await arm.refusal(identity, body)).toBe('accepted')
  })

  test('is not registered with a provider that it asks for in vain', async () => {
    const clock = setClock()
    const providers = await serveNew({ clock, durationScale: 60, failingRegistrations: [provider] })
    expect((await providers.register(provider)).registrationState).toBe('Registering')
    clock.passDays(1)
    expect(await stateOf(provider)).toBe('NotRegistered')
    expect(await arm.refusal(identity, body)).toBe('MissingSubscriptionRegistration')
  })

  test('is registered only by who has the right to', async () => {
    await serveNew()
    expect(await refused(arm.as(stranger).resources.providers.register(provider))).toBe('AuthorizationFailed')
  })
})
