import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { openResources } from '../../src/azure/resources.ts'
import { pieceOf } from '../../src/operations/removal/piece.ts'
import { purging } from '../../src/operations/removal/retirement.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { labManifest, openDelivered, planOf } from './in-process.ts'

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

/** Ends the waits between two looks at once. */
function withoutWaiting(): { readonly [Symbol.dispose]: () => void } {
  const { setTimeout: later } = globalThis
  const spy = jest
    .spyOn(globalThis, 'setTimeout')
    .mockImplementation((work, milliseconds) => later(work, milliseconds === 5_000 ? 0 : milliseconds))
  return { [Symbol.dispose]: () => spy.mockRestore() }
}

/** The delivered project, closed whether the test passes or not. */
async function openToDispose() {
  const { sandbox, here } = await openDelivered()
  const close = async () => {
    here.factory.remove()
    await sandbox.close()
  }
  return { sandbox, here, [Symbol.asyncDispose]: close }
}

test('a delivery whose purge Azure has not let happen says so, and the next one purges', async () => {
  await using opened = await openToDispose()
  const { sandbox, here } = opened
  const kept = () => sandbox.state.arm.softDeleted.map(({ type }) => type)
  here.write({ ...labManifest, services: { aiFoundry: false } })
  sandbox.faults.add({
    method: 'GET',
    path: 'Microsoft.CognitiveServices/deletedAccounts',
    status: 200,
    body: { value: [] },
    times: 'always',
  })
  using _ = withoutWaiting()
  const report = await here.provision('apply', ['deletion', 'purge'])
  expect(kept()).toContain('Microsoft.CognitiveServices/accounts')
  expect(planOf(report).warnings).toContainEqual(
    expect.stringMatching(
      /^softly deleted Microsoft\.CognitiveServices\/accounts '.*' may still be kept\. .* Run again/,
    ),
  )

  sandbox.faults.clear()
  const again = await here.provision('apply', ['deletion', 'purge'])
  expect(kept()).not.toContain('Microsoft.CognitiveServices/accounts')
  expect(planOf(again).warnings.join()).not.toContain('may still be kept')
}, 60_000)
