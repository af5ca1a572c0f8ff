import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readInputs } from '../../actions/project-request/inputs.ts'
import type { OperationContext } from '../../src/operations/operation.ts'
import type { AskPermission } from '../../src/operations/request/author-permission.ts'
import { readPermission } from '../../src/operations/request/author-permission.ts'
import { type RequestOptions, requestProject } from '../../src/operations/request/request-project.ts'
import type { CollaboratorPermission } from '../../src/request/authorise.ts'
import type { Host } from '../../src/runtime/host.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { factoryText } from '../request/factory.ts'
import { type Answers, formText, issueBody } from '../request/issue.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'project-request-'))
  mkdirSync(path.join(folder, 'aifactory'))
  writeFileSync(path.join(folder, 'aifactory', 'factory.yml'), factoryText())
  writeFileSync(path.join(folder, 'form.yml'), formText)
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What a run leaves behind: outputs, and what it printed. */
interface Run {
  readonly outputs: Readonly<Record<string, string>>
  readonly log: readonly string[]
  readonly summary: string
}

interface Circumstances {
  readonly inputs?: Readonly<Record<string, string>>
  readonly event?: unknown
  readonly permission?: CollaboratorPermission
}

/** Runs the action on this issue, as the runner would. */
async function request(
  body: string,
  { inputs = {}, event, permission = { permission: 'read' } }: Circumstances = {},
): Promise<Run> {
  const outputs: Record<string, string> = {}
  const log: string[] = []
  let summary = ''
  const eventFile = path.join(folder, 'event.json')
  writeFileSync(eventFile, JSON.stringify(event ?? { issue: { body, number: 12, user: { login: 'anna' } } }))
  const given: Record<string, string> = {
    'form-file': path.join(folder, 'form.yml'),
    'factory-file': path.join(folder, 'aifactory', 'factory.yml'),
    'projects-directory': path.join(folder, 'aifactory', 'projects'),
    ...inputs,
  }
  const host: Host = {
    environment: { GITHUB_EVENT_PATH: eventFile, GITHUB_REPOSITORY: 'contoso/factory', RUNNER_TEMP: folder },
    input: (name) => given[name] ?? '',
    setOutput: (name, value) => {
      outputs[name] = value
    },
    info: (line) => log.push(line),
    startGroup: () => () => undefined,
    debug: () => undefined,
    notice: (text) => log.push(`notice: ${text}`),
    warning: (text) => log.push(`warning: ${text}`),
    fail: (text) => log.push(`error: ${text}`),
    writeSummary: async (markdown) => {
      summary = markdown
    },
    cancellation: () => new Promise(() => undefined),
    idToken: () => Promise.reject(new Error('No token is needed.')),
  }
  const ask: AskPermission = async () => permission
  const operation = (options: RequestOptions, context: OperationContext) =>
    requestProject(options, context, async () => ask)
  await runAction('project-request', readInputs, operation, host)
  return {
    outputs,
    log: log.map((line) => line.replaceAll(folder, '…')),
    summary: summary.replaceAll(folder, '…'),
  }
}

const manifests = (): readonly string[] =>
  readdirSync(path.join(folder, 'aifactory'), { recursive: true })
    .map(String)
    .filter((name) => name.includes('prj'))
const apply = { mode: 'apply' }

describe('project-request', () => {
  test('shows in a plan what it would write, and writes nothing', async () => {
    const { outputs, log, summary } = await request(issueBody())
    expect(outputs).toMatchObject({ project: '001', changed: 'true', environments: '["dev","stage"]' })
    expect(outputs['manifest-file']?.replace(folder, '…')).toBe('…/aifactory/projects/prj001.yml')
    expect(outputs['request-hash']).toMatch(/^[0-9a-f]{64}$/)
    expect(log).toEqual([
      "The author's permission is not checked, because there is no 'token'.",
      'notice: Project 001 (rag-chat): …/aifactory/projects/prj001.yml would be written.',
    ])
    expect(summary).toContain(outputs['comment']?.replaceAll(folder, '…').split('\n')[2])
    expect(manifests()).toEqual([])
  })

  test('names what was ticked and is known to nobody, in the log and in the answer', async () => {
    const services =
      '- [x] Kubernetes @everybody\n- [x] Azure Cosmos DB (database for conversations and documents)'
    const { outputs, log } = await request(issueBody({ services }))
    expect(log.filter((line) => line.startsWith('warning: '))).toEqual([
      "warning: The service 'Kubernetes @everybody' of the issue is left out, because this release does not know it. The issue form may be of another release.",
    ])
    expect(outputs['comment']).toMatch(/this release does not know it: `Kubernetes @everybody`/)
    expect(outputs['changed']).toBe('true')
  })

  test('assigns no number that a project had before', async () => {
    const taken = await request(issueBody(), { inputs: { 'taken-numbers': '001, 003\n002' } })
    expect(taken.outputs['project']).toBe('004')
    const wrong = await request(issueBody(), { inputs: { 'taken-numbers': 'prj001' } })
    expect(wrong.log.at(-1)).toMatch(/^error: Input 'taken-numbers'/)
  })

  test('writes the manifest, and for the same issue never again', async () => {
    const first = await request(issueBody(), { inputs: apply })
    const text = readFileSync(first.outputs['manifest-file'] ?? '', 'utf8')
    const second = await request(issueBody(), { inputs: apply })
    expect(second.outputs).toMatchObject({
      project: '001',
      changed: 'false',
      environments: '["dev","stage"]',
    })
    expect(second.log.at(-1)).toMatch(/^notice: .*no changes/)
    expect(manifests()).toEqual(['projects/prj001.yml'])
    expect(readFileSync(first.outputs['manifest-file'] ?? '', 'utf8')).toBe(text)
  })

  test('warns when the issue was edited after it became a project', async () => {
    await request(issueBody(), { inputs: apply })
    const { outputs, log } = await request(issueBody({ 'cost-center': '77' }), { inputs: apply })
    expect(outputs['changed']).toBe('false')
    expect(log).toContain(
      'warning: The issue and …/aifactory/projects/prj001.yml no longer match. The file is the source of truth.',
    )
  })

  test('warns of an environment without those before it', async () => {
    const { outputs, log } = await request(issueBody({ environments: '- [x] Dev\n- [ ] Stage\n- [x] Prod' }))
    expect(outputs['environments']).toBe('["dev","prod"]')
    expect(log).toContainEqual(
      expect.stringMatching(
        /^warning: .*prj001\.yml:\d+:3: Project 001 goes to prod without having been in stage\.$/,
      ),
    )
  })

  test('reads no manifest that is a link out of the repository', async () => {
    mkdirSync(path.join(folder, 'aifactory', 'projects'))
    symlinkSync('/dev/zero', path.join(folder, 'aifactory', 'projects', 'prj001.yml'))
    const { log } = await request(issueBody(), { inputs: apply })
    expect(log.at(-1)).toBe(
      "error: The file '…/aifactory/projects/prj001.yml' (input 'projects-directory') is a link that leads out of the repository. What is outside is not part of what was reviewed, and nothing of it is read. Replace the link by the file itself.",
    )
  })

  test('assigns another issue the next number, and refuses the same name', async () => {
    await request(issueBody(), { inputs: apply })
    const other = { inputs: { ...apply, 'issue-number': '13' } }
    const refused = await request(issueBody(), other)
    expect(refused.log.filter((line) => line.startsWith('error: '))).toEqual([
      'error: The request has a fault. Project name: Project 001 has this name already. Found "rag-chat". Choose a name that no other project has. Edit the issue. Nothing was created.',
    ])
    const accepted = await request(issueBody({ name: 'vision' }), other)
    expect(accepted.outputs['project']).toBe('002')
  })

  test('answers a malformed issue with every fault, and fails with one error', async () => {
    const faulty: Partial<Answers> = {
      name: 'NO!',
      owner: '@everyone',
      environments: '- [ ] Dev\n- [ ] Stage\n- [ ] Prod',
    }
    const { outputs, log } = await request(issueBody(faulty), { inputs: apply })
    expect(log.filter((line) => line.startsWith('error: '))).toHaveLength(1)
    expect(outputs['comment']).toContain('3 faults have to be corrected')
    expect(outputs).toMatchObject({ changed: 'false' })
    expect(outputs['project']).toBeUndefined()
    expect(manifests()).toEqual([])
  })

  test('refuses a request that was changed after it was approved', async () => {
    const { outputs } = await request(issueBody())
    const approved = { inputs: { ...apply, 'expected-hash': outputs['request-hash'] ?? '' } }
    const changed = await request(issueBody({ owner: 'eve@contoso.example' }), approved)
    expect(changed.log.at(-1)).toMatch(/^error: The request was changed after it was approved\./)
    expect(manifests()).toEqual([])
    const same = await request(
      `${issueBody()}\r\n`.replaceAll('\n', '\r\n').replaceAll('\r\r', '\r'),
      approved,
    )
    expect(same.outputs['changed']).toBe('true')
  })

  test.each([
    [{ permission: 'read' }, 'write', false],
    [{ permission: 'write', role_name: 'maintain' }, 'write', true],
    [{ permission: 'none' }, 'read', false],
  ] as const)(
    'an author with %j where %s is needed: accepted is %s',
    async (permission, minimum, accepted) => {
      const inputs = { ...apply, token: 'x', 'minimum-permission': minimum }
      const { outputs } = await request(issueBody(), { inputs, permission })
      expect(outputs['changed']).toBe(String(accepted))
      expect(manifests()).toHaveLength(accepted ? 1 : 0)
    },
  )

  test.each([
    [{ 'issue-author': 'a b' }, /^error: Input 'issue-author'/],
    [{ 'issue-number': '0' }, /^error: Input 'issue-number'/],
    [{ 'expected-hash': 'abc' }, /^error: Input 'expected-hash'/],
    [{ 'minimum-permission': 'none' }, /^error: Input 'minimum-permission'/],
    [{ 'form-file': 'missing.yml' }, /^error: The file 'missing.yml' \(input 'form-file'\)/],
  ])('says which input is wrong: %j', async (inputs, expected) => {
    const { log } = await request(issueBody(), { inputs })
    expect(log.at(-1)).toMatch(expected)
  })

  test('needs an issue', async () => {
    const { log } = await request('', { event: { pull_request: {} } })
    expect(log).toEqual([expect.stringMatching(/^error: Input 'issue-body', .* was not started by an issue/)])
  })
})

describe('asking GitHub what the author may do', () => {
  const failing = (
    ...statuses: readonly number[]
  ): { readonly ask: AskPermission; readonly asked: () => number } => {
    let calls = 0
    return {
      asked: () => calls,
      ask: async () => {
        const status = statuses[calls]
        calls += 1
        if (status !== undefined) throw Object.assign(new Error('refused'), { status })
        return { permission: 'write' }
      },
    }
  }
  const host = {
    environment: { GITHUB_REPOSITORY: 'contoso/factory' },
    info: () => undefined,
  }
  const ask = (each: AskPermission) => readPermission(each, 'anna', host, async () => undefined)

  test('asks again while GitHub does not work', async () => {
    const { ask: answer, asked } = failing(502, 429)
    expect(await ask(answer)).toBe('write')
    expect(asked()).toBe(3)
  })

  test('asks once where the answer will not change', async () => {
    const { ask: answer, asked } = failing(403)
    await expect(ask(answer)).rejects.toThrow(/may not read the repository's metadata/)
    expect(asked()).toBe(1)
  })

  test('takes somebody unknown for somebody without permission', async () => {
    expect(await ask(failing(404).ask)).toBe('none')
  })

  test('gives up after four attempts', async () => {
    const { ask: answer, asked } = failing(500, 500, 500, 500, 500)
    await expect(ask(answer)).rejects.toThrow(/status 500/)
    expect(asked()).toBe(4)
  })
})
