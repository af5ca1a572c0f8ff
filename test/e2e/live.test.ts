/** A live run against a sandbox that stands for Azure: nobody has run it on Azure yet. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { installAzureCli } from '../../sandbox/az/install.ts'
import type { Sandbox } from '../../sandbox/start.ts'
import { openSettingUp } from '../setup/setting-up.ts'

const root = path.join(import.meta.dirname, '../..')
const ops = { userPrincipalName: 'ops@contoso.example', password: 'sandbox-only-not-a-secret' }

interface Ran {
  readonly exitCode: number | null
  readonly text: string
  /** The report that can be sent in, both forms; empty when there is none. */
  readonly report: string
  readonly sandbox: Sandbox
}

interface Running {
  readonly flags?: readonly string[]
  /** What happens to the Azure side before anything runs. */
  readonly prepare?: (sandbox: Sandbox) => void
  /** Sees all that was written so far, each time something is. */
  readonly watch?: (text: string, child: ChildProcess) => void
}

/** A company that has set its factory up, and somebody of it who runs `npm run live`. */
async function live({ flags = ['--yes'], prepare, watch }: Running = {}): Promise<Ran> {
  const { sandbox, file, run } = await openSettingUp()
  expect((await run()).exitCode).toBe(0)
  prepare?.(sandbox)
  const folder = mkdtempSync(path.join(os.tmpdir(), 'live-'))
  const { url, caFile, state } = sandbox
  const { tenantId } = state.directory
  const az = installAzureCli(path.join(folder, 'bin'), { url, caFile, tenantId, person: ops })
  const command = ['--no-warnings', path.join(root, 'live/main.ts'), file, '--azure-cloud', url, ...flags]
  const child = spawn(process.execPath, command, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${az}${path.delimiter}${process.env['PATH']}`,
      NODE_EXTRA_CA_CERTS: caFile,
      GITHUB_API_URL: `${url}/api/v3`,
      GH_TOKEN: sandbox.personToken('ops'),
      AI_FACTORY_OUT: folder,
    },
  })
  let text = ''
  const collect = (data: Buffer): void => {
    text += data.toString()
    watch?.(text, child)
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { exitCode, text, report: reportIn(path.join(folder, 'live')), sandbox }
}

function reportIn(folder: string): string {
  try {
    return ['report.md', 'report.json']
      .map((name) => readFileSync(path.join(folder, name), 'utf8'))
      .join('\n')
  } catch {
    return ''
  }
}

/** What a live run has left in the tenant. What Azure keeps softly is no resource any more. */
const left = ({ state }: Sandbox): readonly string[] => [
  ...Object.keys(state.arm.resources).filter((id) => /\/live-|deploymentstacks\/(live|.*live)/i.test(id)),
  ...state.directory.groups.map(({ displayName }) => displayName),
]

describe('A live run', () => {
  test('does the same on both sides, leaves nothing, and its report says nothing of whose it is', async () => {
    const { exitCode, text, report, sandbox } = await live()
    expect(text).toContain('Azure and the sandbox did the same.')
    expect(exitCode).toBe(0)
    expect(text).toMatch(/costs about \$\d+\.\d\d an hour by list prices/)
    expect(text).toContain('Nobody has been able to run this on Azure yet')
    expect(left(sandbox)).toEqual([])
    expect(report).toContain('create the project (provision-project apply)')
    // What stops nothing, or is tried again, is not called a failure.
    for (const output of [text, report]) expect(output).toContain('found faults, which stop nothing')
    expect(text).not.toMatch(/ failed {2}/)
    expect(report).not.toMatch(/(Azure|sandbox): failed/)
    for (const own of [
      'contoso',
      'ops@',
      'Olsson',
      '22222222-2222',
      '11111111-1111',
      'a1b2c',
      'mrvel',
      'eyJ',
    ])
      expect(report).not.toContain(own)
  })

  test('names what Azure refused that the sandbox did not, removes all, and fails', async () => {
    const refusal = { error: { code: 'SkuNotAvailable', message: 'Not for ops@contoso.example.' } }
    const { exitCode, text, report, sandbox } = await live({
      prepare: ({ faults }) =>
        faults.add({
          method: 'PUT',
          path: '/deploymentStacks/live-esml-project001',
          ...{ status: 400, body: refusal, times: 'always' },
        }),
    })
    expect(exitCode).toBe(1)
    expect(text).toContain('On Azure it failed: create the project.')
    expect(text).toContain('Everything that was made on Azure is removed.')
    expect(report).toContain('SkuNotAvailable')
    expect(report).toContain('Not run: create groups and assign roles.')
    expect(report).not.toContain('ops@')
    expect(left(sandbox)).toEqual([])
  })

  test('that is interrupted removes what it has made', async () => {
    let isInterrupted = false
    const { exitCode, text, sandbox } = await live({
      watch: (sofar, child) => {
        const onAzure = sofar.split('Now on Azure')[1] ?? ''
        if (isInterrupted || !onAzure.includes('create the common area')) return
        isInterrupted = true
        child.kill('SIGINT')
      },
    })
    expect(exitCode).toBe(1)
    expect(text).toContain('Interrupted. What was made is removed first.')
    expect(text).toContain('Removing what was made on Azure')
    expect(left(sandbox)).toEqual([])
  })

  test('makes nothing where nobody can be asked', async () => {
    const { exitCode, text, sandbox } = await live({ flags: [] })
    expect(exitCode).toBe(1)
    expect(text).toContain('Nobody can be asked whether to begin. Nothing was made.')
    expect(left(sandbox)).toEqual([])
  })

  test('that is called wrongly says how it is called', async () => {
    const { exitCode, text } = await live({ flags: ['--environment', 'test'] })
    expect(exitCode).toBe(2)
    expect(text).toContain('--environment is one of dev, stage, prod.\nUsage: npm run live')
  })
})
