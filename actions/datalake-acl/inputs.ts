import type { InputReader } from '../../src/runtime/inputs.ts'
import { type ProjectInputs, readProjectInputs } from '../../src/runtime/project-inputs.ts'

/** `plan` changes nothing, `verify` neither, but fails when something differs. */
type Mode = 'plan' | 'apply' | 'verify'

/** The inputs of this action, checked. */
export interface Inputs extends ProjectInputs {
  readonly mode: Mode
}

/** Reads and checks them. @throws UserError that names the input */
export const readInputs = (read: InputReader): Inputs => ({
  mode: read.choice('mode', ['plan', 'apply', 'verify'], 'plan'),
  ...readProjectInputs(read),
})
