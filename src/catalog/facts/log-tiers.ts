import { z } from 'zod'

/** How much is logged. */
export const logTier = z.enum(['gold', 'silver', 'bronze'])
/** One of the tiers. */
export type LogTier = z.output<typeof logTier>

/** What a tier means for diagnostic settings, and for a workspace. */
interface LogTierFacts {
  /** https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings#category-groups */
  readonly logs: 'allLogs' | 'audit'
  readonly metrics: boolean
  /** Days; the first 31 are free of charge. https://learn.microsoft.com/azure/azure-monitor/logs/cost-logs#log-data-retention */
  readonly retentionDays: number
}

/** All tiers. */
export const logTiers: Readonly<Record<LogTier, LogTierFacts>> = {
  gold: { logs: 'allLogs', metrics: true, retentionDays: 365 },
  silver: { logs: 'audit', metrics: true, retentionDays: 90 },
  bronze: { logs: 'audit', metrics: false, retentionDays: 30 },
}
