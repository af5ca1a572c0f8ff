import { describe, expect, test } from '@jest/globals'
import { projectResourceIds } from '../../src/compose/project-context.ts'
import { projectNameTag } from '../../src/compose/project-name-tag.ts'
import { projectStack } from '../../src/operations/provision/project-stack.ts'
import { type Guarded, guard } from '../../src/operations/stack/guards.ts'
import type { Change } from '../../src/plan/model.ts'
import { exampleNames } from '../fixtures/projects.ts'
import { resolvedProject } from '../fixtures/resolved-project.ts'

const deletion = (kind: string, name = 'x', scope = `/s/${name}`): Change => ({
  change: 'delete',
  kind,
  name,
  scope,
})
const creation = (kind: string, name = 'y'): Change => ({ change: 'create', kind, name })
const stackItself: Change = { change: 'keep', kind: 'deployment stack', name: 'st' }
const storage = 'Microsoft.Storage/storageAccounts'
const endpoint = 'Microsoft.Network/privateEndpoints'

const project = resolvedProject()
const names = exampleNames(project)
const target = projectStack({ project, names, ids: projectResourceIds(project, names) })
const verdict = (changes: readonly Change[], facts: Partial<Guarded> = {}) =>
  guard({
    changes: [stackItself, ...changes],
    stack: {
      resourceIds: Array.from({ length: 8 }, (_, index) => String(index)),
      tags: { [projectNameTag]: 'rag-chat' },
    },
    target,
    allowed: [],
    locked: [],
    ...facts,
  })
const named = (tag: string, name: string): Partial<Guarded> => ({
  stack: { resourceIds: [], tags: { [tag]: name } },
})

describe('what holds data', () => {
  test('is not deleted unasked: all of it is listed, and how to allow it', () => {
    const { refusal, warnings } = verdict([
      deletion(storage, 'sa1'),
      deletion('microsoft.keyvault/vaults', 'kv'),
    ])
    expect(refusal?.message).toBe(
      "Project 001 in dev would lose stateful resources: Microsoft.Storage/storageAccounts 'sa1', microsoft.keyvault/vaults 'kv'. " +
        'The manifests of this commit do not ask for them. A service may be switched off or the type changed; or this is an older commit than the one delivered last. ' +
        'Nothing was changed. If it is to be kept, say so in the documents, or deliver the newest commit. If the data may be lost, allow it. ' +
        'In a workflow, set the input "allow: deletion" of this action; to deliver by hand, write deletion into the field allow under Actions > Deliver > Run workflow.',
    )
    expect(warnings).toEqual([expect.stringContaining("storageAccounts 'sa1'")])
  })

  test('goes when that is allowed, and the plan still says what is lost', () => {
    const { refusal, warnings, changes } = verdict([creation(endpoint), deletion(storage)], {
      allowed: ['deletion'],
    })
    expect(refusal).toBeUndefined()
    expect(warnings).toEqual([expect.stringContaining('That is allowed.')])
    expect(changes.map(({ change, reason }) => [change, reason])).toEqual([
      [
        'delete',
        'Lost with it: blobs, files, tables and queues. A deleted account can often be recovered within 14 days, as long as nobody takes its name.',
      ],
      ['keep', undefined],
      ['create', undefined],
    ])
  })

  test('is named up to a bound, what the stack has first, so that the reason and the fix can be read', () => {
    const many = Array.from({ length: 500 }, (_, index) => deletion(storage, `sa${index}`))
    const { refusal } = verdict(many)
    expect(refusal?.parts.what).toMatch(/^Project 001 in dev would lose .*'sa0', .*'sa19', 480 more\.$/)
    expect(refusal?.message.length).toBeLessThan(3_000)
  })

  test('is not what a private endpoint is', () => {
    expect(verdict([deletion(endpoint)])).toMatchObject({ refusal: undefined, warnings: [] })
  })

  test('is safe from an allowance for something else', () => {
    expect(verdict([deletion(storage)], { allowed: ['rename'] }).refusal).toBeDefined()
  })
})

describe('a lock over what is to go', () => {
  const lock = {
    id: '/s/g/vaults/kv/locks/keep',
    name: 'keep',
    level: 'CanNotDelete',
    scope: '/s/g/vaults/kv',
  }
  const pieces = [{ id: '/s/g/vaults/kv', type: 'Microsoft.KeyVault/vaults', name: 'kv' }]

  test('refuses it, whatever is allowed, and says whom to ask', () => {
    const { refusal, warnings } = verdict([], { locked: [{ lock, pieces }], allowed: ['deletion'] })
    expect(refusal?.message).toMatch(
      /^Lock 'keep' \(CanNotDelete\) on 'kv' keeps what would go with this delivery: Microsoft\.KeyVault\/vaults 'kv'\. .*az lock delete --ids \/s\/g\/vaults\/kv\/locks\/keep/,
    )
    expect(warnings).toEqual([expect.stringContaining("Lock 'keep'")])
  })
})

describe('a changed salt', () => {
  const half = Array.from({ length: 4 }, (_, index) => deletion(storage, `sa${index}`, String(index)))

  test("is suspected when more than half of the project's resources would be created again under other names", () => {
    const { refusal } = verdict([...half, deletion(storage, 'sa4', '4'), creation(storage)])
    expect(refusal?.message).toContain('this looks like a changed name, instance, salt or locationCode')
  })

  test.each<[string, readonly Change[]]>([
    ['when only half of it would go', [...half, creation(storage)]],
    ['when nothing of these types is made', [...half, deletion(storage, 'sa4', '4'), creation(endpoint)]],
    [
      'by what others have made inside a service that goes',
      [...half, deletion(storage, 'theirs'), creation(storage)],
    ],
  ])('is not suspected %s', (_, changes) => {
    expect(verdict(changes).refusal?.message).not.toContain('salt')
  })
})

describe('the number of another project', () => {
  test('is refused', () => {
    expect(verdict([], named(projectNameTag, 'old-project')).refusal?.message).toMatch(
      /^Number 001 in dev belongs to project 'old-project', and the manifest says 'rag-chat'\. .* give it a number that no project has ever had\. .*"allow: rename" of this action/,
    )
  })

  test('is the first thing to fix', () => {
    const refused = verdict([deletion(storage)], named(projectNameTag, 'old-project'))
    expect(refused.refusal?.message).toContain('belongs to')
    expect(refused.warnings).toHaveLength(2)
  })

  test.each<[string, Partial<Guarded>]>([
    ['there is no stack', { stack: undefined }],
    ['it is this project, whatever the case of the tag', named(projectNameTag.toUpperCase(), 'rag-chat')],
    ['the stack does not say', { stack: { resourceIds: [], tags: {} } }],
    ['it was renamed, and that is allowed', { ...named(projectNameTag, 'old'), allowed: ['rename'] }],
  ])('is no matter when %s', (_, facts) => {
    expect(verdict([], facts).refusal).toBeUndefined()
  })

  test.each<[string, Partial<Guarded>, string]>([
    ['did not say', { stack: { resourceIds: [], tags: {} } }, 'modify'],
    ['said otherwise', { ...named(projectNameTag, 'old'), allowed: ['rename'] }, 'modify'],
    ['said already', {}, 'keep'],
  ])('is written down in a stack that %s', (_, facts, change) => {
    expect(verdict([], facts).changes).toEqual([
      expect.objectContaining({ kind: 'deployment stack', change }),
    ])
  })
})
