import type { ArmError } from '../../contracts.ts'
import { badRequest } from '../errors.ts'
import { at, type Json, record, text, texts } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'

const mostNotifications = 5
const firstStart = Date.UTC(2017, 5, 1)
/** A budget that says no end lasts so long. */
const yearsByDefault = 10

/** Microsoft.Consumption/budgets. https://learn.microsoft.com/rest/api/consumption/budgets/create-or-update */
export const budgetRules: readonly ResourceRules[] = [
  {
    type: 'Microsoft.Consumption/budgets',
    location: 'none',
    stateless: true,
    check: (write, world) => {
      checkPeriod(write, world)
      checkNotifications(record(write.properties['notifications']))
    },
    complete: ({ properties }) => {
      const { start, end } = periodOf(properties)
      return { ...properties, timePeriod: { startDate: shown(start), endDate: shown(end ?? endOf(start)) } }
    },
    render: (budget) => ({
      ...budget,
      properties: { ...budget.properties, currentSpend: { amount: 0, unit: 'USD' } },
    }),
  },
]

/** The code of its refusals is the status. */
const refuse = (message: string): ArmError => badRequest('400', message)

interface Period {
  readonly start: number
  readonly end: number | undefined
}

/** @throws ArmError for what is no date */
function periodOf(properties: unknown): Period {
  const end = text(at(properties, 'timePeriod.endDate'))
  return {
    start: dateOf(text(at(properties, 'timePeriod.startDate')) ?? ''),
    end: end === undefined ? undefined : dateOf(end),
  }
}

function dateOf(said: string): number {
  const time = Date.parse(said)
  if (Number.isNaN(time)) throw refuse(`Invalid budget configuration: '${said}' is not a date.`)
  return time
}

const shown = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z')

function endOf(start: number): number {
  const date = new Date(start)
  return date.setUTCFullYear(date.getUTCFullYear() + yearsByDefault)
}

/**
 * A budget begins on the first of a month, within the current time grain or less than a year ahead, and that never
 * changes. https://github.com/Azure/bicep/issues/7149
 */
function checkPeriod({ properties, existing }: Write, world: World): void {
  const { start, end } = periodOf(properties)
  if (end !== undefined && end <= start)
    throw refuse('Invalid budget configuration: The start date must be before the end date.')
  if (existing !== undefined) {
    if (start !== periodOf(existing.properties).start)
      throw refuse('Start date of budgets cannot be updated. Please delete and create a new budget.')
    return
  }
  const now = world.clock.now()
  const grain = text(properties['timeGrain']) ?? ''
  if (!/^billing/i.test(grain) && new Date(start).getUTCDate() !== 1)
    throw refuse('Invalid budget configuration: The start date must be the first day of a month.')
  if (start < Math.max(firstStart, beginOf(grain, now)))
    throw refuse('Invalid budget configuration: The start date must not be before the current time grain.')
  if (start >= Date.UTC(now.getUTCFullYear() + 1, now.getUTCMonth(), now.getUTCDate()))
    throw refuse(
      'Invalid budget configuration: The start date must be less than twelve months in the future.',
    )
}

/** When the month, the quarter or the year began that it is. */
function beginOf(grain: string, now: Date): number {
  const month = now.getUTCMonth()
  const first = { quarter: month - (month % 3), annual: 0 }
  const key = /quarter/i.test(grain) ? 'quarter' : /annual/i.test(grain) ? 'annual' : undefined
  return Date.UTC(now.getUTCFullYear(), key === undefined ? month : first[key], 1)
}

function checkNotifications(notifications: Json): void {
  const all = Object.entries(notifications)
  if (all.length > mostNotifications)
    throw refuse(`Invalid budget configuration: A budget can have up to ${mostNotifications} notifications.`)
  for (const [name, notification] of all) {
    const threshold = Number(at(notification, 'threshold'))
    if (threshold <= 0 || threshold > 1_000)
      throw refuse(`Invalid budget configuration: The threshold of '${name}' must be between 0 and 1000.`)
    const contacts = ['contactEmails', 'contactRoles', 'contactGroups'].flatMap((key) =>
      texts(at(notification, key)),
    )
    if (contacts.length === 0)
      throw refuse(
        `Invalid budget configuration: Notification '${name}' needs an email address, a role or an action group.`,
      )
  }
}
