import { UserError } from '../../src/diagnostics/user-error.ts'
import type {
  CommonProvision,
  ProjectProvision,
  ProvisionOptions,
} from '../../src/operations/modes/provision-project.ts'
import type { InputReader } from '../../src/runtime/inputs.ts'
import { readGuardedInputs, readProjectInputs } from '../../src/runtime/project-inputs.ts'
import type { PublishOptions } from '../../src/runtime/publish.ts'

/** The modes that change nothing. */
const looking = ['check', 'plan']

/** Reads and checks them. @throws UserError that names the input */
export const readInputs = (read: InputReader): ProvisionOptions & PublishOptions =>
  read.choice('target', ['project', 'common'], 'project') === 'common' ? readCommon(read) : readProject(read)

const readProject = (read: InputReader): ProjectProvision & PublishOptions => ({
  target: 'project',
  mode: read.choice('mode', ['render', 'check', 'plan', 'apply', 'destroy', 'report'], 'plan'),
  ...readProjectInputs(read, looking),
  subnets: read.optional('subnets'),
  confirm: read.optional('confirm'),
  waitMinutes: readWaitMinutes(read),
})

/** Inputs that mean nothing for a common area; one that is given is refused instead of ignored. */
const ofProjects = ['project', 'subnets']

function readCommon(read: InputReader): CommonProvision & PublishOptions {
  const meaningless = ofProjects.find((name) => read.optional(name) !== undefined)
  if (meaningless !== undefined)
    throw new UserError({
      what: `Input '${meaningless}' means nothing with target common.`,
      fix: `Leave '${meaningless}' out, or the target.`,
    })
  return {
    target: 'common',
    mode: read.choice('mode', ['render', 'check', 'plan', 'apply', 'destroy'], 'plan'),
    ...readGuardedInputs(read, looking),
    confirm: read.optional('confirm'),
  }
}

/** What Azure usually takes to let go of a subnet after its account was purged. */
const usualWait = '20'

const readWaitMinutes = (read: InputReader): number =>
  read.optional('wait-minutes') === undefined
    ? Number(usualWait)
    : Number(read.matching('wait-minutes', /^\d{1,3}$/, 'a number of minutes, 0 to 999'))
