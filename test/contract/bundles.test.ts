import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { find, read, readAction } from './documents.ts'

const root = path.join(import.meta.dirname, '..', '..')
const elsewhere = mkdtempSync(path.join(os.tmpdir(), 'bundles-test-'))
afterAll(() => rmSync(elsewhere, { recursive: true }))

const actions = find('actions/*/action.yml').map((file) => file.split('/').slice(1, 2).join())
const readingDocuments = actions.filter((action) =>
  Object.hasOwn(readAction(`actions/${action}/action.yml`).inputs, 'factory-file'),
)
const dist = (action: string): string => path.join('actions', action, 'dist')
const filesOf = (action: string): readonly string[] => readdirSync(path.join(root, dist(action))).sort()
const scriptsOf = (action: string): readonly string[] =>
  filesOf(action).filter((file) => file.endsWith('.js'))

const sizeOf = (action: string): number =>
  filesOf(action).reduce((sum, file) => sum + statSync(path.join(root, dist(action), file)).size, 0)

const megabyte = 1_000_000

test('the bundles take at most 1.5 MB each on average', () => {
  const total = actions.reduce((sum, action) => sum + sizeOf(action), 0)
  expect(total).toBeLessThanOrEqual(1.5 * actions.length * megabyte)
})

describe.each(actions)('the bundle of %s', (action) => {
  test('takes at most 2 MB', () => {
    expect(sizeOf(action)).toBeLessThanOrEqual(2 * megabyte)
  })

  test('is scripts, their licences, and nothing else', () => {
    const others = filesOf(action).filter((file) => !/^(\d+\.)?index\.js$/.test(file))
    expect(others).toEqual(['licenses.txt', 'package.json'])
  })

  test('has the chunks that its code loads, and no others', () => {
    const code = scriptsOf(action).map((file) => read(path.join(dist(action), file)))
    const loaded = code.flatMap((text) =>
      [...text.matchAll(/\.e\((\d+)\)/g)].map(([, id]) => `${id}.index.js`),
    )
    expect([...new Set([...loaded, 'index.js'])].sort()).toEqual(scriptsOf(action))
  })

  test('runs on its own, wherever it is', () => {
    const folder = path.join(elsewhere, action)
    const workspace = path.join(elsewhere, `${action}-workspace`)
    mkdirSync(workspace)
    cpSync(path.join(root, dist(action)), folder, { recursive: true })
    const run = spawnSync(process.execPath, [path.join(folder, 'index.js')], {
      cwd: workspace,
      env: {},
      encoding: 'utf8',
    })
    expect(run.stderr).toBe('')
    expect(run.stdout).toMatch(/^::error::Input '.*' is missing.*\n$/)
    expect(run.status).toBe(1)
  })
})

/** What is left out of the bundles must not be what a fault of a document takes: only a bundle shows that. */
describe.each(readingDocuments)('the bundle of %s', (action) => {
  test('says where a document is wrong, and what it may say instead', () => {
    const workspace = path.join(elsewhere, `${action}-documents`)
    mkdirSync(workspace)
    cpSync(path.join(root, 'workflows-templates/.github'), path.join(workspace, '.github'), {
      recursive: true,
    })
    writeFileSync(path.join(workspace, 'factory.yml'), 'version: 1\nnme: mrvel\ninstance: 7\n')
    const inputs = Object.entries(readAction(`actions/${action}/action.yml`).inputs)
    const given = { 'factory-file': 'factory.yml', environment: 'dev', project: '001', mode: 'plan' }
    const issue = { 'issue-body': '### Project type', 'issue-number': '1', 'issue-author': 'anna' }
    const env = {
      ...Object.fromEntries(inputs.map(([name, { default: standard = '' }]) => [name, standard])),
      ...given,
      ...issue,
    }
    const run = spawnSync(process.execPath, [path.join(root, dist(action), 'index.js')], {
      cwd: workspace,
      env: Object.fromEntries(
        Object.entries(env).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
      encoding: 'utf8',
    })
    expect(run.stdout).toMatch(/^::error file=factory\.yml,line=1/m)
    expect(run.stdout).toContain("Line 2, column 1: The key 'nme' is not known. Did you mean 'name'?")
    expect(run.stdout).toContain("Line 3, column 11: 'instance' must be three digits in quotes")
    expect(run.status).toBe(1)
  })
})
