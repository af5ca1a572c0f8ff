import { z } from 'zod'
import type { Json } from '../json.ts'
import { outcomes } from '../plan/model.ts'
import type { RunRecord } from '../plan/run-record.ts'
import { environments } from '../vocabulary.ts'

const json: z.ZodType<Json> = z.json()
const text = z.string()
const texts = z.record(text, text)
const amount = z.number()

const change = z.object({
  change: z.enum(['delete', 'detach', 'create', 'modify', 'keep']),
  kind: text,
  name: text,
  scope: text.exactOptional(),
  properties: z
    .array(
      z.object({
        path: text,
        before: json.exactOptional(),
        after: json.exactOptional(),
        loses: text.exactOptional(),
      }),
    )
    .exactOptional(),
  reason: text.exactOptional(),
  holds: text.exactOptional(),
  uncertainty: z.object({ is: z.enum(['potential', 'unknown']), reason: text }).exactOptional(),
})

const cost = z.object({
  currency: z.literal('USD'),
  pricesOf: text,
  region: text,
  before: amount.exactOptional(),
  after: amount,
  items: z.array(
    z.object({
      kind: text,
      name: text,
      meter: text,
      before: amount.exactOptional(),
      after: amount.exactOptional(),
      plus: text.exactOptional(),
      source: text.exactOptional(),
    }),
  ),
  notEstimated: z.array(text),
})

const usage = z.object({ what: text, of: text, used: amount, after: amount, limit: amount })

const plan = z.object({
  version: z.literal(1),
  action: text,
  project: text.exactOptional(),
  environment: z.enum(environments).exactOptional(),
  changes: z.array(change),
  warnings: z.array(text),
  cost: cost.exactOptional(),
  usage: z.array(usage).exactOptional(),
})

const fault = z.object({
  what: text,
  where: z.object({ file: text, line: z.int(), column: z.int() }).exactOptional(),
  why: text.exactOptional(),
  fix: text.exactOptional(),
})

const failure = fault.extend({
  more: text.exactOptional(),
  faults: z.array(fault).exactOptional(),
  correlationId: text.exactOptional(),
  isDefect: z.boolean(),
})

/** The record of a run as it is read from a file. */
export const runSchema: z.ZodType<RunRecord> = z.object({
  version: z.literal(1),
  action: text,
  mode: text,
  project: text.exactOptional(),
  environment: text.exactOptional(),
  started: z.iso.datetime(),
  milliseconds: z.number().nonnegative(),
  outcome: z.enum(outcomes),
  changed: z.boolean().exactOptional(),
  plan: plan.exactOptional(),
  outputs: texts,
  files: texts,
  warnings: z.array(text),
  notice: text.exactOptional(),
  failure: failure.exactOptional(),
})
