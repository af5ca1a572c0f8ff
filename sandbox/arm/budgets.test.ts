/** Budgets: when they begin, and whom they tell. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import { groupId, makeArm, subscription, type TestArm } from './testing/served-arm.ts'
import { setClock } from './testing/set-clock.ts'

const budget = `/subscriptions/${subscription}/providers/Microsoft.Consumption/budgets/monthly`
const alert = {
  enabled: true,
  operator: 'GreaterThan',
  threshold: 80,
  contactEmails: ['ops@contoso.example'],
}
const of = (properties: object = {}) => ({
  properties: {
    category: 'Cost',
    amount: 300,
    timeGrain: 'Monthly',
    timePeriod: { startDate: firstOf(0) },
    notifications: { actual: alert },
    ...properties,
  },
})
const from = (startDate: string, timeGrain = 'Monthly') => of({ timeGrain, timePeriod: { startDate } })

let clock = setClock()
let arm: TestArm
beforeEach(async () => {
  clock = setClock()
  arm = await makeArm({ clock })
})

/** The first day of this month, or of one so many months away. */
const firstOf = (months: number): string => {
  const now = clock.now()
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1)).toISOString().slice(0, 10)
}

describe('a budget', () => {
  test('begins this month or later within a year, on the first of a month', async () => {
    for (const start of [
      firstOf(-1),
      firstOf(0).replace('-01', '-00'),
      firstOf(0).replace(/-01$/, '-02'),
      firstOf(13),
    ])
      expect([start, await arm.refusal(budget, from(start))]).toEqual([start, '400'])
    expect(await arm.refusal(budget, from(firstOf(11)))).toBe('accepted')
  })

  test('of a year may begin when the year did', async () => {
    const january = `${clock.now().getUTCFullYear()}-01-01`
    expect(await arm.refusal(budget, from(january, 'Annually'))).toBe('accepted')
    expect(await arm.refusal(`${budget}-2`, from('2017-05-01', 'Annually'))).toBe('400')
  })

  test('keeps the day it began: a month later it is written again with that, and with no other', async () => {
    const start = firstOf(0)
    await arm.put(budget, from(start))
    clock.passDays(40)
    expect(await arm.refusal(budget, from(firstOf(0)))).toBe('400')
    expect(await arm.refusal(budget, from(start))).toBe('accepted')
    expect(arm.engine.get(budget)?.properties).toMatchObject({
      timePeriod: { startDate: `${start}T00:00:00Z` },
      currentSpend: { amount: 0 },
    })
  })

  test('lasts ten years unless it says when it ends, and ends after it began', async () => {
    await arm.put(budget, of())
    const year = clock.now().getUTCFullYear() + 10
    expect(arm.engine.get(budget)?.properties?.['timePeriod']).toMatchObject({
      endDate: expect.stringMatching(`^${year}-`),
    })
    const backwards = of({ timePeriod: { startDate: firstOf(1), endDate: firstOf(0) } })
    expect(await arm.refusal(`${budget}-2`, backwards)).toBe('400')
  })

  test.each([
    ['six notifications', Object.fromEntries([1, 2, 3, 4, 5, 6].map((index) => [`n${index}`, alert]))],
    ['a notification that nobody gets', { actual: { ...alert, contactEmails: [] } }],
    ['a threshold above 1000 percent', { actual: { ...alert, threshold: 1001 } }],
  ])('of a month is refused with %s', async (_, notifications) => {
    expect(await arm.refusal(budget, of({ notifications }))).toBe('400')
  })

  test('tells roles instead of addresses, of a resource group too', async () => {
    const roles = { actual: { ...alert, contactEmails: [], contactRoles: ['Owner'] } }
    const ofGroup = `${groupId}/providers/Microsoft.Consumption/budgets/monthly`
    expect(await arm.refusal(ofGroup, of({ notifications: roles }))).toBe('accepted')
  })
})
