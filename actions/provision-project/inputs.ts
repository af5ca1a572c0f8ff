import { UserError } from '../../src/diagnostics/user-error.ts'
import { type Allowance, allowances } from '../../src/operations/provision/guards.ts'
import type { ProvisionOptions } from '../../src/operations/provision/provision-project.ts'
import type { InputReader } from '../../src/runtime/inputs.ts'
import { readProjectInputs } from '../../src/runtime/project-inputs.ts'
import type { PublishOptions } from '../../src/runtime/publish.ts'

/** Reads and checks them. @throws UserError that names the input */
export const readInputs = (read: InputReader): ProvisionOptions & PublishOptions => ({
  mode: read.choice('mode', ['render', 'plan', 'apply'], 'plan'),
  ...readProjectInputs(read),
  subnets: read.optional('subnets'),
  allowed: read.list('allow').map(allowanceOf),
})

function allowanceOf(word: string): Allowance {
  const allowance = allowances.find((candidate) => candidate === word)
  if (allowance !== undefined) return allowance
  throw new UserError({
    what: `Input 'allow' holds ${JSON.stringify(word.slice(0, 80))}.`,
    fix: `It may hold ${allowances.join(' and ')}, one per line or separated by commas; or leave it empty.`,
  })
}
