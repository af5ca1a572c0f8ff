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

/** How a run is asked for. */
interface Asked {
  readonly mode: 'plan' | 'apply'
  /** The client id that the run was given, if any. */
  readonly clientId?: string | undefined
}

/**
 * Does another identity than the one that delivers only plan? It may write nothing, so Azure is not asked whether it may.
 * Whoever applies is asked, whichever identity it is.
 */
export const onlyLooks = (
  { clientId }: Pick<ResolvedFactory, 'clientId'>,
  { mode, clientId: signingIn }: Asked,
): boolean => mode === 'plan' && signingIn !== undefined && !sameText(signingIn, clientId ?? '')
