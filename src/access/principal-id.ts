import type { ActualAccess, Principal } from './model.ts'

/** The object id of a principal, or undefined while it does not exist. */
export function principalIdOf(
  principal: Principal,
  { groups, identities }: Pick<ActualAccess, 'groups' | 'identities'>,
): string | undefined {
  return 'group' in principal ? groups.get(principal.group)?.objectId : identities.get(principal.identity)
}
