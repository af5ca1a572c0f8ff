import type { ResolvedFactory } from '../manifest/resolved.ts'
import type { WrittenIdentities, WrittenKeys } from '../manifest/write-identities.ts'
import { sameText } from '../resource-id.ts'
import type { ActualSetup } from './actual-setup.ts'
import type { DesiredSetup } from './desired-setup.ts'
import type { SetupChange } from './setup-change.ts'
import { identityIn } from './setup-difference.ts'

/** What factory.yml does not say yet of the identities that are there; nothing when it says all. */
export function manifestChange(
  factories: readonly ResolvedFactory[],
  { repository }: Pick<DesiredSetup, 'repository'>,
  actual: ActualSetup,
): readonly SetupChange[] {
  const environments = Object.fromEntries(
    factories.flatMap((factory) => {
      const identities = missingIdentities(factory, actual)
      return Object.values(identities).some((one) => one !== undefined)
        ? [[factory.environment, identities] as const]
        : []
    }),
  )
  const isNamed = factories.every((factory) => factory.repository === repository)
  const keys: WrittenKeys = { repository: isNamed ? undefined : repository, environments }
  const lines = linesOf(keys)
  return lines.length === 0 ? [] : [{ kind: 'manifest', keys, lines }]
}

function missingIdentities(factory: ResolvedFactory, actual: ActualSetup): WrittenIdentities {
  const { environment, clientId, identities } = factory
  const of = (kind: 'deliver' | 'plan' | 'people') => identityIn(actual, { environment, kind })
  const [deliver, plan, people] = [of('deliver'), of('plan'), of('people')]
  const same = (one: string | undefined, other: string | undefined): boolean =>
    sameText(one ?? '', other ?? '')
  return {
    clientId: same(clientId, deliver?.clientId) ? undefined : deliver?.clientId,
    plan:
      plan === undefined || same(identities.plan?.clientId, plan.clientId)
        ? undefined
        : { clientId: plan.clientId },
    people:
      people?.objectId === undefined ||
      (same(identities.people?.clientId, people.clientId) &&
        same(identities.people?.objectId, people.objectId))
        ? undefined
        : { clientId: people.clientId, objectId: people.objectId },
  }
}

const linesOf = ({ repository, environments }: WrittenKeys): readonly string[] => [
  ...(repository === undefined ? [] : [`repository: ${repository}`]),
  ...Object.entries(environments).flatMap(([key, { clientId, plan, people }]) => [
    ...(clientId === undefined ? [] : [`environments.${key}.clientId: ${clientId}`]),
    ...(plan === undefined ? [] : [`environments.${key}.identities.plan.clientId: ${plan.clientId}`]),
    ...(people === undefined
      ? []
      : [
          `environments.${key}.identities.people.clientId: ${people.clientId}`,
          `environments.${key}.identities.people.objectId: ${people.objectId}`,
        ]),
  ]),
]
