import type { InputReader } from '../../src/runtime/inputs.ts'
import { type ProjectInputs, readProjectInputs } from '../../src/runtime/project-inputs.ts'

export type Mode = 'plan' | 'apply' | 'verify'

/** The inputs of this action, checked. */
export interface Inputs extends ProjectInputs {
  readonly mode: Mode
}

export const readInputs = (read: InputReader): Inputs => ({
  mode: read.choice('mode', ['plan', 'apply', 'verify'], 'plan'),
  ...readProjectInputs(read),
})
