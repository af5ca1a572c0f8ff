import { isWithin, sameText } from '../../resource-id.ts'
import type { SubnetOccupant } from '../network.ts'
import type { Case, Check } from './subnet-check.ts'

/** The network security group of a subnet of one's own is put on it by the next delivery. */
export const securityGroupCheck: Check = ({
  request: { kind, rule },
  existing: { name, networkSecurityGroupId, occupants },
}) => {
  // Who knows what is in a subnet, knows what is attached to it.
  if (kind === 'own' || rule === undefined || occupants === undefined) return {}
  const has = networkSecurityGroupId !== undefined
  switch (rule.networkSecurityGroup) {
    case 'required':
      return has
        ? {}
        : {
            faults: [
              {
                what: `Subnet '${name}' has no network security group, which ${rule.title} cannot do without.`,
                fix: 'Attach one that lets the traffic of the service pass.',
                more: rule.documentation,
              },
            ],
          }
    case 'refused':
      return has
        ? {
            faults: [
              {
                what: `Subnet '${name}' has a network security group, and ${rule.title} take no subnet with one.`,
                fix: `Detach ${networkSecurityGroupId}, or bring along another subnet.`,
                more: rule.documentation,
              },
            ],
          }
        : {}
    case 'allowed':
    case 'prescribed':
      return has
        ? {}
        : {
            warnings: [
              `Subnet '${name}' has no network security group: nothing filters what goes in and out. It is brought along, so it is left as it is.`,
            ],
          }
  }
}

/** Whose something in a subnet is, as far as that can be known: Azure hides the ids of most services. */
function whose(
  { kind, id }: SubnetOccupant,
  { request, existing, home }: Case,
): 'ours' | 'others' | 'hidden' {
  if (home !== undefined && isWithin(id, home.resourceGroupId)) return 'ours'
  if (kind === 'private endpoint' || /\/providers\/Microsoft\.CognitiveServices\/accounts\//i.test(id))
    return 'others'
  if (request.kind === 'own' || kind !== 'service' || home?.held === undefined) return 'hidden'
  return home.held.some((held) => sameText(held, existing.id)) ? 'ours' : 'others'
}

/** Is something in it that its service does not share it with? */
export const exclusivityCheck: Check = (subject) => {
  const { kind, rule } = subject.request
  const { name, occupants = [] } = subject.existing
  if (rule?.exclusiveTo === undefined) return {}
  const endpoints = occupants.filter((occupant) => occupant.kind === 'private endpoint')
  const others = occupants.filter(
    (occupant) => occupant.kind !== 'private endpoint' && whose(occupant, subject) === 'others',
  )
  const hidden = occupants.filter((occupant) => whose(occupant, subject) === 'hidden')
  const more = rule.documentation
  return {
    faults: [
      ...(endpoints.length === 0
        ? []
        : [
            {
              what: `Subnet '${name}' holds private endpoints: ${listed(endpoints)}.`,
              why: `${rule.title} need a subnet that nothing else is in.`,
              fix: 'Move the private endpoints to another subnet, or bring along another one.',
              more,
            },
          ]),
      ...(others.length === 0
        ? []
        : [
            {
              what: `Subnet '${name}' is in use by ${listed(others)}, which is not this project's.`,
              why: `It can be used by ${rule.exclusiveTo} only.`,
              fix: 'Bring along another subnet, or let the project have one of its own.',
              more,
            },
          ]),
    ],
    // A subnet of the project's own is known by its tags; what is in it is the project's.
    warnings:
      kind === 'own' || hidden.length === 0
        ? []
        : [
            `Subnet '${name}' is in use by ${listed(hidden)}, and Azure does not say whose that is. If it is not this project's, the delivery will fail: the subnet can be used by ${rule.exclusiveTo} only.`,
          ],
  }
}

const listed = (occupants: readonly SubnetOccupant[]): string => {
  const names = occupants.map(({ id }) => id)
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}
