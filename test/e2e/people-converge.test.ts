import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { keysOf } from '../../src/by-key.ts'
import { byHand } from './support/by-hand.ts'
import { delivered, type Factory, type Run } from './support/factory.ts'
import { graphByHand, reference } from './support/graph-by-hand.ts'
import { devGroupOf, devSubscription } from './support/places.ts'
import { manifestOf } from './support/repository.ts'
import { errorOf } from './support/transcript.ts'

/** What comes of add-member over HTTP, after random things that others did: few histories, each on a sandbox of its own. */

const group = devGroupOf('002')
const names = ['anna', 'bo', 'cleo'] as const
const idOf = { anna: '01', bo: '02', cleo: '03', dana: '05' }
const objectId = (name: keyof typeof idOf): string => `44444444-4444-4444-4444-4444444444${idOf[name]}`
const personas = { lead: 'team_lead', aiEngineer: 'ai_engineer', frontendDeveloper: 'frontend_developer' }
type Team = Readonly<Record<keyof typeof personas, readonly (typeof names)[number][]>>

const some = fc.subarray([...names], { minLength: 1 })
const teams: fc.Arbitrary<Team> = fc.record({ lead: some, aiEngineer: some, frontendDeveloper: some })
const persona = fc.constantFrom(...keysOf(personas))
const events = fc.oneof(
  fc.record({ what: fc.constant('team' as const), team: teams, writes: fc.option(fc.nat(6)) }),
  fc.record({
    what: fc.constantFrom('join', 'leave', 'delete', 'unassign', 'condition', 'foreign'),
    persona,
  }),
)
type Event = typeof events extends fc.Arbitrary<infer One> ? One : never

const withProject002 = delivered('002', (repository) => {
  repository.edit('aifactory/factory.yml', 'environments:\n', 'members: { foreign: remove }\nenvironments:\n')
})

const found = ({ sandbox }: Factory, key: keyof typeof personas) => {
  const one = sandbox.state.directory.groups.find(({ mailNickname }) =>
    mailNickname.endsWith(`_prj002_dev_${personas[key]}`),
  )
  if (one === undefined) throw new Error(`There is no group for ${key}.`)
  return one
}

/** The roles of a group: role, place and condition. */
function rolesOf(factory: Factory, principal: string): readonly string[] {
  return Object.entries(factory.sandbox.state.arm.resources)
    .filter(
      ([id, { properties }]) => id.includes('/roleassignments/') && properties?.['principalId'] === principal,
    )
    .map(([, { properties }]) =>
      `${properties?.['roleDefinitionId']} on ${properties?.['scope']} ${properties?.['condition'] ?? ''}`.toLowerCase(),
    )
    .toSorted()
}

function write({ repository }: Factory, team: Team): void {
  const manifest = repository.read(manifestOf('002'))
  const lines = Object.entries(team).map(
    ([key, members]) => `  ${key}: [${members.map((name) => `${name}@contoso.example`).join(', ')}]\n`,
  )
  repository.write(
    manifestOf('002'),
    `${manifest.slice(0, manifest.indexOf('team:\n'))}team:\n${lines.join('')}`,
  )
}

const addMember = ({ run }: Factory): Promise<Run> => run('add-member', '002', 'dev')

/** Graph and Azure refuse all changes after so many, so that the run ends half way. */
async function interrupted(factory: Factory, writes: number): Promise<void> {
  const { faults } = factory.sandbox
  const body = { error: { code: 'Authorization_RequestDenied', message: 'Not now.' } }
  const path = '/graph/v1.0/groups|/roleAssignments/'
  faults.add({ method: 'PUT|PATCH|POST|DELETE', path, status: 403, body, skip: writes, times: 'always' })
  await addMember(factory)
  faults.clear()
}

async function happen(factory: Factory, event: Event): Promise<void> {
  if (!('team' in event)) return meddle(factory, event)
  write(factory, event.team)
  if (event.writes !== null) await interrupted(factory, event.writes)
}

async function meddle({ sandbox }: Factory, event: Exclude<Event, { team: Team }>): Promise<void> {
  const one = sandbox.state.directory.groups.find(({ mailNickname }) =>
    mailNickname.endsWith(`_prj002_dev_${personas[event.persona]}`),
  )
  if (one === undefined) return
  const [graph, hand] = await Promise.all([graphByHand(sandbox), byHand(sandbox)])
  const members = `/groups/${one.id}/members`
  const [assigned] =
    Object.entries(sandbox.state.arm.resources).find(
      ([id, { properties }]) => id.includes('/roleassignments/') && properties?.['principalId'] === one.id,
    ) ?? []
  switch (event.what) {
    case 'join':
      if (!one.members.includes(objectId('dana')))
        await graph('POST', `${members}/$ref`, { '@odata.id': reference(sandbox, objectId('dana')) })
      return
    case 'leave':
      if (one.members[0] !== undefined) await graph('DELETE', `${members}/${one.members[0]}/$ref`)
      return
    case 'delete':
      await graph('DELETE', `/groups/${one.id}`)
      return
    case 'unassign':
      if (assigned !== undefined) await hand.remove(assigned, '2022-04-01')
      return
    case 'condition': {
      const { principalId, roleDefinitionId } = sandbox.state.arm.resources[assigned ?? '']?.properties ?? {}
      if (assigned === undefined) return
      const condition =
        "((!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'})) OR (@Resource[Microsoft.Storage/storageAccounts:name] StringEqualsIgnoreCase 'x'))"
      const properties = { principalId, principalType: 'Group', roleDefinitionId, condition }
      await hand.put(assigned, '2022-04-01', { properties: { ...properties, conditionVersion: '2.0' } })
      return
    }
    case 'foreign':
      await hand.put(
        `${group}/providers/Microsoft.Authorization/roleAssignments/99999999-9999-4999-8999-999999999999`,
        '2022-04-01',
        {
          properties: {
            principalId: objectId('dana'),
            principalType: 'User',
            roleDefinitionId: `${devSubscription}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`,
          },
        },
      )
  }
}

const outcome = (run: Run): string => (run.exitCode === 0 ? '0' : errorOf(run))

test('over HTTP too a run ends at what the documents say, whatever happened, and the next changes nothing', async () => {
  const property = fc.asyncProperty(
    fc.array(events, { minLength: 3, maxLength: 6 }),
    teams,
    async (history, team) => {
      const factory = await withProject002()
      const meant = Object.fromEntries(
        keysOf(personas).map((key) => [key, rolesOf(factory, found(factory, key).id)]),
      )
      for (const event of history) await happen(factory, event)
      write(factory, team)
      const others = rolesOf(factory, objectId('dana'))

      expect(outcome(await addMember(factory))).toBe('0')
      for (const key of keysOf(personas)) {
        const { id, members } = found(factory, key)
        expect(members.toSorted()).toEqual(team[key].map(objectId).toSorted())
        expect(rolesOf(factory, id)).toEqual(meant[key])
      }
      expect(rolesOf(factory, objectId('dana'))).toEqual(others)
      const again = await addMember(factory)
      expect([outcome(again), ...again.writes]).toEqual(['0'])
    },
  )
  await fc.assert(property, { numRuns: 4, endOnFailure: true })
})
