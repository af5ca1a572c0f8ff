import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { commonCatalogue } from '../../src/catalog/common/index.ts'
import { documentOf, loadFactory } from '../../src/manifest/load.ts'
import { identityKindDefinitions, identityKinds } from '../../src/setup/identity-kinds.ts'
import { read } from './documents.ts'

const guide = read('workflows-templates/README.md')
const folder = mkdtempSync(path.join(tmpdir(), 'guide-'))
afterAll(() => rmSync(folder, { recursive: true }))
const factory = 'aifactory/factory.yml'

/** The factory.yml that somebody has who follows the guide to the end of its first step. */
function factoryOfStepOne(): string {
  const [command = ''] = /^sed .* aifactory\/factory\.yml$/m.exec(guide) ?? []
  mkdirSync(path.join(folder, 'aifactory'), { recursive: true })
  copyFileSync(path.join('workflows-templates', factory), path.join(folder, factory))
  const env = { ...process.env, REPOSITORY: 'contoso/ai-factory' }
  expect(spawnSync('bash', ['-c', command], { cwd: folder, env })).toMatchObject({ status: 0 })
  return readFileSync(path.join(folder, factory), 'utf8')
}

describe('the guide to a bootstrap repository', () => {
  test('begins with a factory.yml that names the repository and no identity, so that set-up makes them', () => {
    const loaded = documentOf(loadFactory(factoryOfStepOne(), factory))
    expect(loaded).toMatchObject({ document: { repository: 'contoso/ai-factory' } })
    expect(factoryOfStepOne()).not.toContain('clientId')
  })

  test('has an example of the common area that is valid with it', () => {
    const [, example = ''] = /```yaml\n(common:\n.*?)```/s.exec(guide) ?? []
    expect(Object.keys(commonCatalogue.parts)).toEqual(
      expect.arrayContaining(Object.keys(parse(example).common)),
    )
    expect(documentOf(loadFactory(`${factoryOfStepOne()}\n${example}`, factory))).toMatchObject({
      document: { common: parse(example).common },
    })
  })

  test.each(identityKinds)(
    'says of the identity %s where it runs, and all that set-up lets it do',
    (kind) => {
      const { roles, graphPermissions, githubEnvironment } = identityKindDefinitions[kind]
      const row = guide.split('\n').find((line) => line.startsWith(`| ${kind} | `)) ?? ''
      const [, where = '', azure = '', graph = ''] = row.split(' | ')
      expect(where).toContain(`\`${githubEnvironment('dev')}\``)
      expect([...graph.matchAll(/`([\w.]+)`/g)].map(([, name]) => name)).toEqual(graphPermissions)
      const names = roles.map(({ role }) => ('own' in role ? 'a role of its own' : role.name))
      for (const name of names.length === 0 ? ['nothing'] : names)
        expect(azure.toLowerCase()).toContain(name.toLowerCase())
      expect(azure.includes('hub')).toBe(roles.some(({ at }) => at === 'dnsHub'))
    },
  )

  test('sends nobody to make by hand what set-up and the workflow of the common area make', () => {
    for (const text of [guide, read('README.md')]) {
      expect(text).not.toMatch(/az (identity|ad app|role assignment) create|federated-credential create/)
      expect(text).toMatch(/npm (--prefix \S+ )?run setup/)
    }
    expect(guide).toContain('gh workflow run common.yml')
  })
})
