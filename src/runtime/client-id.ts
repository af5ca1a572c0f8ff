import { UserError } from '../diagnostics/user-error.ts'
import type { InputReader } from './inputs.ts'

/**
 * Who only looks may sign in as somebody else; who changes something is always the environment's own identity.
 * @param looking the modes that change nothing
 * @throws UserError that names the input
 */
export function readClientId(read: InputReader, looking: readonly string[]): string | undefined {
  if (read.optional('client-id') === undefined) return undefined
  const clientId = read.matching(
    'client-id',
    /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    'the client id of an application, a GUID',
  )
  const mode = read.optional('mode') ?? 'plan'
  if (looking.includes(mode)) return clientId
  throw new UserError({
    what: `Input 'client-id' means nothing in mode '${mode}'.`,
    why: `Only what changes nothing can be done by another identity than the one in factory.yml: ${looking.join(', ')}.`,
    fix: "Leave 'client-id' out, or use one of these modes.",
  })
}
