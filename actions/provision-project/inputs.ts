import type { InputReader } from '../../src/runtime/inputs.ts'
import { type ProjectInputs, readProjectInputs } from '../../src/runtime/project-inputs.ts'

export type Mode = 'render' | 'plan' | 'apply'

/** The inputs of this action, checked. */
export interface Inputs extends ProjectInputs {
  readonly mode: Mode
  /** JSON as ip-calc writes it, not parsed yet; undefined to read the subnets from the VNet. */
  readonly subnets: string | undefined
}

export const readInputs = (read: InputReader): Inputs => ({
  mode: read.choice('mode', ['render', 'plan', 'apply'], 'plan'),
  ...readProjectInputs(read),
  subnets: read.optional('subnets'),
})
