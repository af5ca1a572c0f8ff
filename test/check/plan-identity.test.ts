/** A check by an identity that only looks: what counts are the rights of the one that delivers. */
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { readInputs as addMember } from '../../actions/add-member/inputs.ts'
import { readInputs as datalakeAcl } from '../../actions/datalake-acl/inputs.ts'
import { readInputs as ipCalc } from '../../actions/ip-calc/inputs.ts'
import { manageMembers } from '../../src/operations/modes/add-member.ts'
import { manageLake } from '../../src/operations/modes/datalake-acl.ts'
import { manageSubnets } from '../../src/operations/network/manage-subnets.ts'
import type { Host } from '../../src/runtime/host.ts'
import { runAction } from '../../src/runtime/run-action.ts'

import { dev, ids, idToken } from '../azure/on-sandbox.ts'
import { transcribingHost } from '../runtime/transcribing-host.ts'
import { type Checking, foundAbout, openChecking } from './checking.ts'
import { assign, withoutRoles } from './delivering-identity.ts'

const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
const dataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'

/** Makes the identity for jobs of the GitHub environment plan-dev. @returns its client id */
async function planIdentity({ sandbox, hand }: Checking): Promise<string> {
  const id = `${ids.common}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/ai-factory-plan-dev`
  await hand.put(id, '2024-11-30', { location: 'swedencentral' })
  const deliverer = sandbox.state.directory.applications.find(({ appId }) => appId === dev.clientId)
  // Both forms of the subject: GitHub names repositories by their ids too.
  for (const [index, { issuer, subject, audiences }] of (deliverer?.federatedCredentials ?? []).entries()) {
    await hand.put(`${id}/federatedIdentityCredentials/github-${index}`, '2024-11-30', {
      properties: { issuer, subject: subject.replace(/environment:dev$/, 'environment:plan-dev'), audiences },
    })
  }
  const { properties } = sandbox.state.arm.resources[id.toLowerCase()] ?? {}
  await assign(hand, reader, undefined, {}, String(properties?.['principalId']))
  return String(properties?.['clientId'])
}

test('it is no fault that it may only read, and what it may not ask is not checked', async () => {
  const checking = await openChecking()
  const clientId = await planIdentity(checking)
  const checked = await checking.check('002', { 'client-id': clientId }, 'plan-dev')
  expect(checked.lines.filter((line) => line.startsWith('::error'))).toEqual([])
  expect(checked.findings.filter(({ severity }) => severity === 'fault')).toEqual([])
  expect(foundAbout(checked, 'Rights')).toEqual([
    'unchecked: Rights of the delivering identity: not checked.',
  ])
  expect(foundAbout(checked, 'People and groups')).toEqual(['unchecked: People and groups: not checked.'])
  // It is to read people, and never to change groups.
  const people = checked.findings.find(({ subject }) => subject === 'People and groups')
  expect(people?.fix).toBe(
    'Grant it User.Read.All and GroupMember.Read.All in Microsoft Graph, with admin consent, or let the delivering identity check.',
  )
  expect(foundAbout(checked, 'Locks')).toEqual(['good: No lock stands where the delivery writes.'])
})

test('the rights of an identity that delivers are judged by its own, when it is a managed identity of the subscription', async () => {
  const checking = await openChecking()
  const { sandbox, hand, repository } = checking
  const clientId = await planIdentity(checking)
  const id = `${ids.common}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/ai-factory-dev`
  await hand.put(id, '2024-11-30', { location: 'swedencentral' })
  const { properties } = sandbox.state.arm.resources[id.toLowerCase()] ?? {}
  repository.edit('aifactory/factory.yml', dev.clientId, String(properties?.['clientId']))
  await withoutRoles(sandbox, hand)
  const checked = await checking.check('002', { 'client-id': clientId }, 'plan-dev')
  const [fault] = checked.findings.filter(
    ({ subject, severity }) => subject === 'Rights' && severity === 'fault',
  )
  expect(fault?.what).toMatch(/^The delivering identity may not do on /)
  expect(fault?.commands?.join()).toContain(`--assignee-object-id ${String(properties?.['principalId'])}`)
})

test.each([
  ['ip-calc', (host: Host) => runAction('ip-calc', ipCalc, manageSubnets, host), []],
  ['add-member', (host: Host) => runAction('add-member', addMember, manageMembers, host), []],
  [
    'datalake-acl',
    (host: Host) => runAction('datalake-acl', datalakeAcl, manageLake, host),
    [expect.stringContaining('is not provisioned in dev')],
  ],
])('%s is planned by it too, as far as the project is there', async (_action, run, errors) => {
  const checking = await openChecking()
  const clientId = await planIdentity(checking)
  const { sandbox, repository, hand } = checking
  const planner = sandbox.state.directory.servicePrincipals.find(({ appId }) => appId === clientId)
  Object.assign(planner ?? {}, { graphRoles: ['User.Read.All', 'GroupMember.Read.All'] })
  await assign(hand, dataReader, ids.lake, {}, planner?.id)
  const variables = { ...sandbox.env, ...sandbox.jobEnvironment({ environment: 'plan-dev' }) }
  const since = sandbox.requestCount()
  const { host, transcript } = transcribingHost(
    {
      project: '002',
      environment: 'dev',
      'client-id': clientId,
      'azure-cloud': sandbox.url,
      'factory-file': path.join(repository.folder, 'aifactory', 'factory.yml'),
    },
    { environment: { ...variables, RUNNER_TEMP: repository.folder }, idToken: idToken(variables) },
  )
  await run(host)
  expect(transcript.lines.filter((line) => line.startsWith('::error'))).toEqual(errors)
  const callers = sandbox.requests(since).flatMap(({ caller }) => caller?.appId ?? [])
  expect([...new Set(callers)]).toEqual([clientId])
})
