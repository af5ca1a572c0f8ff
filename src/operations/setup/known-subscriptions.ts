import { unlessForbidden } from '../../azure/failure.ts'
import type { Resources } from '../../azure/resources.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { SetupTarget } from './setup-target.ts'

/** https://learn.microsoft.com/rest/api/resources/subscriptions/get */
const apiVersion = '2022-12-01'

/**
 * Are the subscriptions there that factory.yml names? One that this person may not look at counts as there: others may do
 * what concerns it.
 * @throws UserError at the line of one that is not
 */
export async function demandSubscriptions(
  { manifest, environments }: SetupTarget,
  { read }: Pick<Resources, 'read'>,
): Promise<void> {
  const { dns } = environments[0]?.factory ?? {}
  const named = [
    ...environments.map(({ factory }) => ({
      id: factory.subscriptionId,
      key: `environments.${factory.environment}.subscriptionId`,
    })),
    ...(dns?.mode === 'hub' ? [{ id: dns.subscriptionId, key: 'dns.subscriptionId' }] : []),
  ]
  const found = await Promise.all(
    named.map(({ id }) => unlessForbidden(() => read(`/subscriptions/${id}`, apiVersion), 'hidden')),
  )
  const missing = named.find((_, index) => found[index] === undefined)
  if (missing === undefined) return
  throw new UserError({
    what: `Azure has no subscription ${missing.id} in the tenant ${manifest.document.tenantId}.`,
    where: manifest.at(missing.key),
    why: 'The id is mistyped, or the subscription belongs to another tenant.',
    fix: 'Correct it: az account list --output table.',
  })
}
