import type { ProvisionOptions } from '../../src/operations/modes/provision-project.ts'
import type { InputReader } from '../../src/runtime/inputs.ts'
import { readProjectInputs } from '../../src/runtime/project-inputs.ts'
import type { PublishOptions } from '../../src/runtime/publish.ts'

/** Reads and checks them. @throws UserError that names the input */
export const readInputs = (read: InputReader): ProvisionOptions & PublishOptions => ({
  mode: read.choice('mode', ['render', 'check', 'plan', 'apply', 'destroy', 'report'], 'plan'),
  ...readProjectInputs(read, ['check', 'plan']),
  subnets: read.optional('subnets'),
  confirm: read.optional('confirm'),
  waitMinutes: readWaitMinutes(read),
})

/** What Azure usually takes to let go of a subnet after its account was purged. */
const usualWait = '20'

const readWaitMinutes = (read: InputReader): number =>
  read.optional('wait-minutes') === undefined
    ? Number(usualWait)
    : Number(read.matching('wait-minutes', /^\d{1,3}$/, 'a number of minutes, 0 to 999'))
