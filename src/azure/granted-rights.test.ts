import { describe, expect, test } from '@jest/globals'
import { includes } from './granted-rights.ts'

const join = 'Microsoft.Network/networkManagers/ipamPools/associateResourcesToPool/action'
const role = (actions: string[], notActions: string[] = []) => ({
  actions,
  notActions,
  dataActions: [],
  notDataActions: [],
})

describe('Roles allow', () => {
  test.each([
    ['everything with *', [role(['*'])], true],
    ['what a pattern covers, in any spelling', [role(['microsoft.network/*/ACTION'])], true],
    ['what is written out', [role([join])], true],
    ['nothing without a role', [], false],
    ['nothing that only begins alike', [role(['Microsoft.Network/networkManagers'])], false],
    ['nothing that only looks similar: a dot is a dot', [role(['MicrosoftXNetwork/*'])], false],
    ['nothing that the same role excepts', [role(['*'], ['Microsoft.Network/networkManagers/*'])], false],
    [
      'what one role excepts and another allows',
      [role(['*'], ['Microsoft.Network/*']), role(['*/associateResourcesToPool/action'])],
      true,
    ],
    ['nothing but reading with */read', [role(['*/read'])], false],
  ])('%s', (_what, roles, allowed) => {
    expect(includes(roles, { action: join, plane: 'control' })).toBe(allowed)
  })
})
