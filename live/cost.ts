import type { RanStep } from './run-step.ts'

const hoursPerMonth = 730

/** What the steps' plans say that there is costs, by list prices. */
export interface LiveCost {
  readonly perMonth: number
  readonly perHour: number
  readonly pricesOf: string
}

/** The cost of the common area and the project together, as the rehearsal has planned them. */
export function costOf(steps: readonly RanStep[]): LiveCost | undefined {
  const applied = steps.filter(
    ({ step }) => step.action === 'provision-project' && step.with['mode'] === 'apply',
  )
  const last = new Map(
    applied.map(({ step, record }) => [step.with['target'] ?? 'project', record?.plan?.cost]),
  )
  const costs = [...last.values()].flatMap((cost) => cost ?? [])
  const [first] = costs
  if (first === undefined) return undefined
  const perMonth = costs.reduce((sum, { after }) => sum + after, 0)
  return { perMonth, perHour: perMonth / hoursPerMonth, pricesOf: first.pricesOf }
}
