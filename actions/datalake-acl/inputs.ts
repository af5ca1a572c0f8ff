import type { SetLakeAccessOptions } from '../../src/operations/lake/set-lake-access.ts'
import type { InputReader } from '../../src/runtime/inputs.ts'
import { readProjectInputs } from '../../src/runtime/project-inputs.ts'
import type { PublishOptions } from '../../src/runtime/publish.ts'

/** Reads and checks the inputs. @throws UserError that names the input */
export const readInputs = (read: InputReader): SetLakeAccessOptions & PublishOptions => ({
  mode: read.choice('mode', ['plan', 'apply', 'verify'], 'plan'),
  ...readProjectInputs(read, ['plan', 'verify']),
})
