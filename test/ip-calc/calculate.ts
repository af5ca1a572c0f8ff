import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { readInputs } from '../../actions/ip-calc/inputs.ts'
import { manageSubnets } from '../../src/operations/network/manage-subnets.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { recordingHost } from '../runtime/recording-host.ts'

/** How a run of the action on a machine without a network ended. */
export interface Calculation {
  /** Address prefix by subnet; empty when the run failed. */
  readonly places: Readonly<Record<string, string>>
  /** State by subnet. */
  readonly states: Readonly<Record<string, string>>
  readonly outputs: readonly string[]
  readonly failures: readonly string[]
  readonly warnings: readonly string[]
}

/** Runs the action offline, in this process. */
export async function calculate(inputs: Readonly<Record<string, string>>): Promise<Calculation> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ip-calc-offline-'))
  const host = recordingHost(inputs, { environment: { RUNNER_TEMP: folder } })
  await runAction('ip-calc', readInputs, manageSubnets, host)
  rmSync(folder, { recursive: true })
  const of = (kind: string): readonly string[] =>
    host.record.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1))
  const outputs = of('output')
  const text = outputs.find((line) => line.startsWith('subnets='))?.slice('subnets='.length) ?? '{}'
  const subnets: Readonly<Record<string, { addressPrefix: string; state: string }>> = JSON.parse(text)
  const each = (part: 'addressPrefix' | 'state') =>
    Object.fromEntries(Object.entries(subnets).map(([key, subnet]) => [key, subnet[part]]))
  return {
    places: each('addressPrefix'),
    states: each('state'),
    outputs: outputs.map((line) => line.slice(0, line.indexOf('='))),
    failures: of('fail'),
    warnings: of('warning'),
  }
}
