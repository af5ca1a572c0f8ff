/** The rights that a check lists are enough for the whole delivery, and each of them is needed. */
import { describe, expect, test } from '@jest/globals'
import type { Right } from '../../src/azure/granted-rights.ts'
import { exactly } from '../check/delivering-identity.ts'
import { byHand } from './support/by-hand.ts'
import { openFactory } from './support/factory.ts'

describe('an identity with exactly the rights that the check lists', () => {
  test.each(['001', '002', '003'])('delivers project %s, and delivers it again', async (project) => {
    const factory = await openFactory()
    const checked = await factory.run('provision-project', project, 'dev', { mode: 'check' })
    const rights: readonly Right[] = JSON.parse(checked.outputs['rights'] ?? '[]')
    await exactly(factory.sandbox, await byHand(factory.sandbox), rights)
    for (const _ of ['first', 'second']) {
      const runs = await factory.deliver(project, 'dev')
      expect(runs.map(({ exitCode, transcript }) => (exitCode === 0 ? 'done' : transcript))).toEqual(
        runs.map(() => 'done'),
      )
      expect(runs).toHaveLength(6)
    }
  })
})
