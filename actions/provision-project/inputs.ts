import type { ProvisionOptions } from '../../src/operations/provision/provision-project.ts'
import type { InputReader } from '../../src/runtime/inputs.ts'
import { readAllowed, readProjectInputs } from '../../src/runtime/project-inputs.ts'
import type { PublishOptions } from '../../src/runtime/publish.ts'

/** Reads and checks them. @throws UserError that names the input */
export const readInputs = (read: InputReader): ProvisionOptions & PublishOptions => ({
  mode: read.choice('mode', ['render', 'check', 'plan', 'apply'], 'plan'),
  ...readProjectInputs(read),
  subnets: read.optional('subnets'),
  allowed: readAllowed(read),
})
