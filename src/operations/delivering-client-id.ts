import { UserError } from '../diagnostics/user-error.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import { sameText } from '../resource-id.ts'

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

/**
 * Does another identity than the one that delivers sign in? It only looks: it may write nothing, so Azure is not asked
 * whether it may.
 * @param signingIn the client id that a run was given, if any
 */
export const onlyLooks = (
  { clientId }: Pick<ResolvedFactory, 'clientId'>,
  signingIn: string | undefined,
): boolean => signingIn !== undefined && !sameText(signingIn, clientId ?? '')
