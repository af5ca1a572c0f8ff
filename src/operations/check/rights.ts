import { type Grant, type GrantedRights, mayAssign } from '../../azure/granted-rights.ts'
import { enumeration } from '../../diagnostics/enumeration.ts'
import { isWithin, lastSegment } from '../../resource-id.ts'
import { deliveryCondition } from '../delivery-condition.ts'
import { type Finding, unchecked } from './finding.ts'
import { type Delivering, judgeRights, mostActions, rightsFindings } from './judged-rights.ts'
import { findPresent, neededRights } from './needed-rights.ts'
import { widerCondition } from './rights-to-give.ts'
import type { Situation } from './situation.ts'

/** May the delivering identity do everything that the delivery does? By its role assignments, whoever is looking. */
export async function checkRights(situation: Situation): Promise<readonly Finding[]> {
  const { session, services, target } = situation
  const [identity, found] = await Promise.all([situation.identity(), findPresent(situation)])
  const needed = neededRights(situation, found)
  const delivering: Delivering = {
    session,
    resources: services.resources,
    factory: target.project.factory,
    identity,
    resourceGroup: target.ids.resourceGroup,
    hasGroup: found.hasGroup,
  }
  const { each, held } = await judgeRights(delivering, needed)
  const { objectId } = identity
  const findings = [
    ...(await rightsFindings(delivering, each)),
    ...(objectId === undefined ? [] : conditionFindings(situation, objectId, held)),
  ]
  if (findings.length > 0) return findings
  return [
    {
      severity: 'good',
      what: `The delivering identity has all ${needed.length} rights that this delivery needs.`,
    },
  ]
}

/** A condition may let the identity assign some roles and not others: each that this delivery assigns is tried. */
function conditionFindings(
  { assignments, target }: Situation,
  objectId: string,
  rights: GrantedRights,
): readonly Finding[] {
  const { factory, environment } = target.project
  const subscription = `/subscriptions/${factory.subscriptionId}`
  const tried = assignments
    .filter(({ plane }) => plane === 'azure')
    .map(({ role, roleDefinitionId, scope, principal }) => {
      const principalType = 'group' in principal ? 'Group' : 'ServicePrincipal'
      const action = 'Microsoft.Authorization/roleAssignments/write'
      const answer = mayAssign(rights, scope, {
        action,
        roleDefinitionId,
        principalType,
        principalId: undefined,
      })
      return {
        ...answer,
        place: isWithin(scope, subscription) ? subscription : scope,
        text: `${role} to a ${principalType === 'Group' ? 'group' : 'managed identity'} on '${lastSegment(scope)}'`,
      }
    })
    // Without any right to assign there is a finding of its own.
    .filter(({ under }) => under.length > 0)
  const of = (allowed: boolean | undefined) => tried.filter((one) => one.allowed === allowed)
  const texts = (allowed: boolean | undefined) =>
    enumeration([...new Set(of(allowed).map(({ text }) => text))], mostActions)
  const where = factory.at(`environments.${environment}.clientId`)
  return [
    ...(of(false).length === 0
      ? []
      : [
          {
            severity: 'fault',
            what: `The delivering identity may assign roles only under a condition that refuses: ${texts(false)}.`,
            where,
            why: `${namesOf(of(false).flatMap(({ under }) => under))} has a condition on roles or types of principals, and this version assigns others.`,
            fix: 'Let it assign roles under the condition that allows what AI Factory Actions assign, and no more.',
            commands: [...new Set(of(false).map(({ place }) => place))].flatMap((place) =>
              widerCondition(objectId, place, rights.grants, deliveryCondition(factory)),
            ),
          } as const,
        ]),
    ...(of(undefined).length === 0
      ? []
      : [
          unchecked(
            `Whether the delivering identity may assign: ${texts(undefined)}.`,
            'The condition of its role asks for something that is not known before, or that is not understood here.',
          ),
        ]),
  ]
}

const namesOf = (grants: readonly Grant[]): string =>
  [...new Set(grants.map(({ roleName }) => `'${roleName}'`))].join(', ')
