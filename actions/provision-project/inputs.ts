import { UserError } from '../../src/diagnostics/user-error.ts'
import type { ProvisionOptions } from '../../src/operations/provision/provision-project.ts'
import type { InputReader } from '../../src/runtime/inputs.ts'
import { readProjectInputs } from '../../src/runtime/project-inputs.ts'
import type { PublishOptions } from '../../src/runtime/publish.ts'

/** Reads and checks them. @throws UserError that names the input */
export const readInputs = (read: InputReader): ProvisionOptions & PublishOptions => ({
  mode: read.choice('mode', ['render', 'check', 'plan', 'apply', 'destroy', 'report'], 'plan'),
  ...readProjectInputs(read),
  subnets: read.optional('subnets'),
  confirm: read.optional('confirm'),
  waitMinutes: readWaitMinutes(read),
  clientId: readClientId(read),
})

/** What Azure usually takes to let go of a subnet after its account was purged. */
const usualWait = '20'

const readWaitMinutes = (read: InputReader): number =>
  read.optional('wait-minutes') === undefined
    ? Number(usualWait)
    : Number(read.matching('wait-minutes', /^\d{1,3}$/, 'a number of minutes, 0 to 999'))

/** Who only looks signs in as somebody else; who changes something is always the environment's own identity. */
function readClientId(read: InputReader): string | undefined {
  if (read.optional('client-id') === undefined) return undefined
  const clientId = read.matching(
    'client-id',
    /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    'the client id of an application, a GUID',
  )
  const mode = read.optional('mode') ?? 'plan'
  if (mode === 'check' || mode === 'plan') return clientId
  throw new UserError({
    what: `Input 'client-id' means nothing in mode '${mode}'.`,
    why: 'Only the modes check and plan can be run by another identity than the one in factory.yml.',
    fix: "Leave 'client-id' out, or use one of these modes.",
  })
}
