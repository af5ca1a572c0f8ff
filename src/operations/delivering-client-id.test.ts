import { expect, test } from '@jest/globals'
import { onlyLooks } from './delivering-client-id.ts'

const factory = { clientId: '33333333-3333-3333-3333-333333333301' }
const another = '33333333-3333-3333-3333-333333333399'

test('An identity only looks when it plans and is not the one that delivers', () => {
  expect(onlyLooks(factory, { mode: 'plan', clientId: another })).toBe(true)
  expect(onlyLooks(factory, { mode: 'plan', clientId: factory.clientId })).toBe(false)
  expect(onlyLooks(factory, { mode: 'plan', clientId: undefined })).toBe(false)
})

test('Azure is asked whether another identity may apply', () => {
  expect(onlyLooks(factory, { mode: 'apply', clientId: another })).toBe(false)
})
