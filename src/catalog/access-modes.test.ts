import { describe, expect, test } from '@jest/globals'
import { accessModes } from '../vocabulary.ts'
import { networkAccess } from './access-modes.ts'

const anywhere = ['203.0.113.7']

describe('access modes', () => {
  test.each(['private-peered', 'private-vpn', 'private-bastion'] as const)(
    '%s closes the public network, whatever addresses are allowed',
    (mode) => {
      expect(networkAccess(mode, anywhere)).toEqual({
        publicNetwork: 'Disabled',
        defaultAction: 'Deny',
        allowedIps: [],
        privateEndpoints: true,
      })
    },
  )

  test('private-ip-allowlist lets the allowed addresses in, and keeps the private endpoints', () => {
    expect(networkAccess('private-ip-allowlist', anywhere)).toEqual({
      publicNetwork: 'Enabled',
      defaultAction: 'Deny',
      allowedIps: anywhere,
      privateEndpoints: true,
    })
  })

  test('an allow list without addresses lets nobody in', () => {
    expect(networkAccess('private-ip-allowlist', [])).toMatchObject({ publicNetwork: 'Disabled' })
  })

  test('public-perimeter is open to everybody with a token, and pays for no private endpoints', () => {
    expect(networkAccess('public-perimeter', [])).toEqual({
      publicNetwork: 'Enabled',
      defaultAction: 'Allow',
      allowedIps: [],
      privateEndpoints: false,
    })
  })

  test('only the public perimeter allows by default', () => {
    expect(accessModes.filter((mode) => networkAccess(mode, anywhere).defaultAction === 'Allow')).toEqual([
      'public-perimeter',
    ])
  })

  test.each([
    ['203.0.113.7/32', ['203.0.113.7']],
    ['192.0.2.8/31', ['192.0.2.8', '192.0.2.9']],
    ['192.0.2.9/31', ['192.0.2.8', '192.0.2.9']],
    ['198.51.100.0/24', ['198.51.100.0/24']],
    [' 203.0.113.7 ', ['203.0.113.7']],
  ])('%s is written as storage accounts accept it', (range, written) => {
    expect(networkAccess('private-ip-allowlist', [range]).allowedIps).toEqual(written)
  })
})
