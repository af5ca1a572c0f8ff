import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readWorkflow } from './documents.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'workflow-scripts-'))
  git('init', '--quiet', '--initial-branch=main')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What a person would type, in the repository of this test. */
function git(...args: readonly string[]): string {
  const identity = [
    '-c',
    'user.name=Anna',
    '-c',
    'user.email=anna@contoso.example',
    '-c',
    'commit.gpgsign=false',
  ]
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout.trim()
}

function commit(number: string, text: string): void {
  const manifests = path.join(folder, 'aifactory', 'projects')
  mkdirSync(manifests, { recursive: true })
  writeFileSync(path.join(manifests, `prj${number}.yml`), text)
  git('add', '.')
  git('commit', '--quiet', `--message=${number}`)
}

/** Runs the script of a step as the runner does for `shell: bash`. */
function runScript(workflow: string, name: string, environment: Readonly<Record<string, string>>) {
  const steps = Object.values(readWorkflow(`.github/workflows/${workflow}`).jobs).flatMap(
    ({ steps }) => steps,
  )
  const script = steps.find((step) => step.name === name)?.run ?? ''
  expect(script).not.toBe('')
  const output = path.join(folder, 'output')
  writeFileSync(output, '')
  const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], GITHUB_OUTPUT: output, ...environment },
  })
  return { status, stdout, output: readFileSync(output, 'utf8') }
}

const findNumbers = () =>
  runScript('request-project.yml', 'Find the project numbers that were assigned before', {
    PROJECTS: 'aifactory/projects',
  })

test('the numbers of projects whose manifests are gone are found in the history', () => {
  commit('001', 'one')
  commit('007', 'seven')
  git('rm', '--quiet', 'aifactory/projects/prj001.yml')
  git('commit', '--quiet', '--message=gone')
  git('mv', 'aifactory/projects/prj007.yml', 'aifactory/projects/prj008.yml')
  git('commit', '--quiet', '--message=renumbered')
  git('switch', '--quiet', '--create', 'request/issue-3')
  commit('012', 'twelve')
  git('switch', '--quiet', 'main')

  const { status, output } = findNumbers()
  expect(status).toBe(0)
  const taken = /^taken=(.*)\n$/.exec(output)?.[1]?.split(',') ?? []
  expect(new Set(taken)).toEqual(new Set(['001', '007', '008', '012']))
})

test('the first project of a factory finds no number taken', () => {
  git('commit', '--quiet', '--allow-empty', '--message=first')
  expect(findNumbers()).toMatchObject({ status: 0, output: 'taken=\n' })
})

test('a history that cannot be read is no empty history', () => {
  rmSync(path.join(folder, '.git'), { recursive: true })
  expect(findNumbers()).toMatchObject({ output: '' })
  expect(findNumbers().status).not.toBe(0)
})

test('a push whose changes cannot be read is not taken for one without changes', () => {
  commit('001', 'one')
  const failing = path.join(folder, 'bin')
  mkdirSync(failing)
  const real = spawnSync('bash', ['-c', 'command -v git'], { encoding: 'utf8' }).stdout.trim()
  const wrapper = `#!/bin/bash\nfor word in "$@"; do [[ "$word" == diff ]] && exit 128; done\nexec "${real}" "$@"\n`
  writeFileSync(path.join(failing, 'git'), wrapper)
  chmodSync(path.join(failing, 'git'), 0o755)
  const { status, output } = runScript('deliver-projects.yml', 'Choose the projects and their environments', {
    PATH: `${failing}:${process.env['PATH'] ?? ''}`,
    FACTORY: 'aifactory/factory.yml',
    NAMED: '',
    BEFORE: git('rev-parse', 'HEAD'),
    RUNNERS: '{"dev": "here"}',
  })
  expect({ status, output }).toEqual({ status: 128, output: '' })
})

/** What the scripts ask of yq: the names of the environments in a document, which is a file or comes on standard input. */
const yq = `#!${process.execPath}
const { readFileSync } = require('node:fs')
const { parse } = require(${JSON.stringify(createRequire(import.meta.url).resolve('yaml'))})
const file = process.argv.at(-1)
const { environments = {} } = parse(readFileSync(file === '-' ? 0 : file, 'utf8'))
for (const name of Object.keys(environments)) console.log(name)
`

describe('what leaves the manifests with a push', () => {
  const factory = 'environments:\n  dev: {}\n  stage: {}\n'
  const report = (before: string) => {
    const programs = path.join(folder, 'bin')
    mkdirSync(programs)
    writeFileSync(path.join(programs, 'yq'), yq)
    chmodSync(path.join(programs, 'yq'), 0o755)
    const summary = path.join(folder, 'summary')
    writeFileSync(summary, '')
    const run = runScript('deliver-projects.yml', 'Report what the manifests no longer ask for', {
      PATH: `${programs}:${process.env['PATH'] ?? ''}`,
      FACTORY: 'aifactory/factory.yml',
      BEFORE: before,
      GITHUB_STEP_SUMMARY: summary,
    })
    return { ...run, summary: readFileSync(summary, 'utf8') }
  }
  const start = (): string => {
    commit('001', 'project: "001"\n')
    writeFileSync(path.join(folder, 'aifactory', 'factory.yml'), factory)
    commit('002', 'project: "002"\nenvironments: { dev: {}, stage: {} }\n')
    commit('003', 'project: "003"\nenvironments: { dev: {} }\n')
    return git('rev-parse', 'HEAD')
  }

  test('is reported, each with the way to destroy it', () => {
    const before = start()
    git('rm', '--quiet', 'aifactory/projects/prj001.yml')
    commit('002', 'project: "002"\nenvironments: { dev: {} }\n')
    const { status, stdout, summary } = report(before)
    expect(status).toBe(0)
    expect(stdout.match(/^::warning::Nothing asks for project \d{3} in \w+/gm)).toEqual([
      '::warning::Nothing asks for project 001 in dev',
      '::warning::Nothing asks for project 001 in stage',
      '::warning::Nothing asks for project 002 in stage',
    ])
    expect(stdout).toContain(
      'Nothing of it was removed. To destroy it: Actions > Destroy > Run workflow, with project 002 and environment stage. To keep it, ask for it again in aifactory/projects/prj002.yml.',
    )
    expect(summary).toContain(
      '| 002 | stage | *Actions > Destroy > Run workflow*, project 002, environment stage |',
    )
  })

  test('is every project of an environment that leaves factory.yml, which has to come back to destroy them', () => {
    const before = start()
    writeFileSync(path.join(folder, 'aifactory', 'factory.yml'), 'environments:\n  dev: {}\n')
    git('add', '.')
    git('commit', '--quiet', '--message=factory')
    const { status, stdout, summary } = report(before)
    expect(status).toBe(0)
    expect(stdout.trim().split('\n')).toEqual(
      ['001', '002'].map(
        (number) =>
          `::warning::Nothing asks for project ${number} in stage any more. Nothing of it was removed. To destroy it: put stage back into aifactory/factory.yml, then Actions > Destroy > Run workflow, with project ${number} and environment stage. To keep it, put stage back into aifactory/factory.yml.`,
      ),
    )
    expect(summary).toContain('| 001 | stage | put stage back into aifactory/factory.yml, then *Actions')
  })

  test('is nothing when a manifest only changes, or asks for more', () => {
    const before = start()
    commit('001', 'project: "001"\nname: other\n')
    commit('003', 'project: "003"\nenvironments: { dev: {}, stage: {} }\n')
    commit('004', 'project: "004"\n')
    expect(report(before)).toMatchObject({ status: 0, stdout: '', summary: '' })
  })

  test('is not guessed from a manifest that cannot be read', () => {
    const before = start()
    commit('002', 'environments: [\n')
    expect(report(before)).toMatchObject({ status: 0, stdout: '', summary: '' })
  })
})
