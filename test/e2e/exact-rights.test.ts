/** The custom roles that a check prints are enough for the whole delivery. */
import { describe, expect, test } from '@jest/globals'
import type { DeliveryRole } from '../../src/operations/check/delivery-roles.ts'
import { exactlyRoles } from '../check/delivering-identity.ts'
import { byHand } from './support/by-hand.ts'
import { openFactory } from './support/factory.ts'

describe('an identity with exactly the custom roles that the check prints', () => {
  test.each(['001', '002', '003'])('delivers project %s, and delivers it again', async (project) => {
    const factory = await openFactory()
    const checked = await factory.run('provision-project', project, 'dev', { mode: 'check' })
    const roles: readonly DeliveryRole[] = JSON.parse(checked.outputs['custom-roles'] ?? '[]')
    await exactlyRoles(factory.sandbox, await byHand(factory.sandbox), roles)
    for (const _ of ['first', 'second']) {
      const runs = await factory.deliver(project, 'dev')
      expect(runs.map(({ exitCode, transcript }) => (exitCode === 0 ? 'done' : transcript))).toEqual(
        runs.map(() => 'done'),
      )
      expect(runs).toHaveLength(6)
    }
  })
})
