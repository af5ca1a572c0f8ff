import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openResources } from '../../src/azure/resources.ts'
import { pieceOf } from '../../src/operations/removal/piece.ts'
import { purging } from '../../src/operations/removal/retirement.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'

let here: OnSandbox
beforeAll(async () => {
  here = await onSandbox()
})
afterAll(() => here.sandbox.close())

test('what another run has purged meanwhile is waited for, and is no failure', async () => {
  const { session, pauses } = here
  const gone = pieceOf(`${ids.common}/providers/Microsoft.CognitiveServices/accounts/gone`)
  const left = await purging(gone, { session, resources: await openResources(session) }).apply()
  expect(left).toMatchObject([
    { why: 'azure', name: 'gone', reason: expect.stringContaining('another run has purged it') },
  ])
  expect(pauses.length).toBeGreaterThan(5)
})
