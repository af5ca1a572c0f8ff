import { UserError } from '../diagnostics/user-error.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'

/**
 * The application that delivers to the environment.
 * @throws UserError while factory.yml names none
 */
export function deliveringClientId({ clientId, environment, at }: ResolvedFactory): string {
  if (clientId !== undefined) return clientId
  throw new UserError({
    what: `The environment ${environment} has no identity: 'clientId' is missing.`,
    where: at(`environments.${environment}`),
    why: 'Set-up creates the identities of a factory and writes their client ids into factory.yml. It has not been run for this environment, or what it wrote is not on this branch.',
    fix: "Run 'npm run setup -- path/to/factory.yml' in a clone of AI Factory Actions, signed in with 'az login', and merge the factory.yml that it changed.",
  })
}
