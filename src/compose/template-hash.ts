import { createHash } from 'node:crypto'
import type { SubscriptionTemplate } from './subscription-template.ts'

/** The tag of a deployment stack that remembers which template it was deployed from. */
export const templateHashTag = 'ai-factory-template'

/** A short fingerprint of a template, to see whether it is the one deployed last. */
export const templateHash = (template: SubscriptionTemplate): string =>
  createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 32)
