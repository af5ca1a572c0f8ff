import { refusal } from '../errors.ts'
import { guidOf, records } from '../json.ts'
import type { ResourceRules } from '../rules.ts'
import { addDefaultRules, defaultRuleType } from './default-security-rules.ts'
import { amongSiblings, inlineChildren, replaceChildren } from './inline-children.ts'
import { checkSecurityRules } from './security-rules.ts'
import { refuseInUse, usesOf } from './subnet-associations.ts'

const type = 'Microsoft.Network/networkSecurityGroups'
const ruleType = `${type}/securityRules`

const readOnly = () =>
  refusal(405, 'MethodNotAllowed', 'The default security rules of a network security group are read-only.')

/** Microsoft.Network/networkSecurityGroups and their rules. */
export const networkSecurityRules: readonly ResourceRules[] = [
  {
    type,
    location: 'required',
    check: ({ address, properties }) => checkSecurityRules(address.id, records(properties['securityRules'])),
    complete: ({ properties, address }) => {
      const { securityRules: _rules, defaultSecurityRules: _defaults, ...rest } = properties
      return { ...rest, resourceGuid: guidOf(address.id) }
    },
    applied: (write, group, world) => {
      replaceChildren(write, group, 'securityRules', ruleType, world)
      addDefaultRules(group, world)
      return undefined
    },
    previewed: (write) => ({ securityRules: inlineChildren(write, 'securityRules', ruleType) }),
    render: (group, world) => ({
      ...group,
      properties: {
        ...group.properties,
        securityRules: world.store.children(group.id, ruleType),
        defaultSecurityRules: world.store.children(group.id, defaultRuleType),
        ...usesOf('networkSecurityGroup', group, world),
      },
    }),
    checkRemoval: (group, world) =>
      refuseInUse('networkSecurityGroup', 'InUseNetworkSecurityGroupCannotBeDeleted', group, world),
  },
  {
    type: ruleType,
    location: 'none',
    check: (write, world) => checkSecurityRules(write.address.parent ?? '', amongSiblings(write, world)),
  },
  {
    type: defaultRuleType,
    location: 'none',
    check: () => {
      throw readOnly()
    },
    checkRemoval: () => {
      throw readOnly()
    },
  },
]
