import { describe, expect, test } from '@jest/globals'
import type { Json } from '../../json.ts'
import { reductionOf } from './reductions.ts'

const rule = { value: '52.1.2.3', action: 'Allow' }
const network = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/vms'

describe('a change of a property', () => {
  test.each<[path: string, before: Json, after: Json | undefined, loses: string]>([
    ['properties.retentionInDays', 365, 30, 'logs older than 30 days'],
    ['properties.deleteRetentionPolicy.days', 90, undefined, "deleted blobs older than Azure's default"],
    ['properties.containerDeleteRetentionPolicy.enabled', true, false, 'deleted containers'],
    ['sku.name', 'Standard_RAGRS', 'Standard_ZRS', 'the copy in a second region'],
    [
      'sku.name',
      'Standard_GZRS',
      'Standard_LRS',
      'the copy in a second region and the copies in other zones',
    ],
  ])('loses data: %s from %j to %j', (path, before, after, loses) => {
    expect(reductionOf({ path, before, after })).toEqual({ loses, isData: true })
  })

  test.each<[path: string, before: Json, after: Json | undefined, loses: string]>([
    ['properties.policy.rules.0', { name: 'seven-years' }, undefined, "lifecycle rule 'seven-years'"],
    ['properties.publicNetworkAccess', 'Enabled', 'Disabled', 'access from outside of the network'],
    ['properties.networkAcls.ipRules.0', rule, undefined, "access from '52.1.2.3'"],
    ['properties.networkAcls.ipRules', [rule], [], "access from '52.1.2.3'"],
    ['properties.networkAcls.virtualNetworkRules.1', { id: network }, undefined, "access from 'vms'"],
    ['properties.features.disableLocalAuth', false, true, 'access with keys'],
  ])('closes something: %s from %j to %j', (path, before, after, loses) => {
    expect(reductionOf({ path, before, after })).toEqual({ loses, isData: false })
  })

  test.each<[path: string, before: Json | undefined, after: Json | undefined]>([
    ['properties.retentionInDays', 30, 365],
    ['sku.name', 'Standard_LRS', 'Standard_GZRS'],
    ['sku.name', 'Premium', 'Basic'],
    ['properties.publicNetworkAccess', 'Disabled', 'Enabled'],
    ['properties.networkAcls.ipRules', [], [rule]],
    ['properties.networkAcls.ipRules.0', undefined, rule],
    ['properties.networkAcls.ipRules.0.action', 'Allow', undefined],
    ['tags.owner', 'anna', undefined],
  ])('loses nothing: %s from %j to %j', (path, before, after) => {
    expect(reductionOf({ path, before, after })).toBeUndefined()
  })
})
