import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import readline from 'node:readline'
import { installAzureCli } from '../sandbox/az/install.ts'
import type { LogLine } from '../sandbox/runner/commands.ts'
import { emptySubscriptionsFile, loadSeed } from '../sandbox/seeds/index.ts'
import type { RunRecord } from '../src/plan/run-record.ts'
import { setupStep } from '../src/report/chain.ts'
import type { Runner, StepRecord } from './deliver.ts'

const program = path.join(import.meta.dirname, '../scripts/setup.ts')

/** Who owns the empty subscriptions, and signs in with the Azure CLI. */
function owner(): { readonly userPrincipalName: string; readonly password: string } {
  const { people } = loadSeed(readFileSync(emptySubscriptionsFile, 'utf8'))
  const found = people.find((person) => person.owner)
  if (found?.password === undefined)
    throw new Error('Nobody of the seed owns the subscriptions and can sign in.')
  return { userPrincipalName: found.userPrincipalName, password: found.password }
}

/** The environment of a terminal in which the owner has signed in, to Azure and to GitHub. */
function terminal({ sandbox, workspace }: Runner): Readonly<Record<string, string>> {
  const { url, caFile, state } = sandbox
  const az = installAzureCli(path.join(workspace.results, 'bin'), {
    ...{ url, caFile, tenantId: state.directory.tenantId, person: owner() },
  })
  return {
    PATH: `${az}${path.delimiter}${process.env['PATH'] ?? ''}`,
    NODE_EXTRA_CA_CERTS: caFile,
    GITHUB_API_URL: `${url}/api/v3`,
    GH_TOKEN: sandbox.personToken('ops'),
  }
}

async function run(
  runner: Runner,
): Promise<{ readonly exitCode: number; readonly lines: readonly LogLine[] }> {
  const { sandbox, workspace, onLine } = runner
  const file = path.join(workspace.repository, 'aifactory', 'factory.yml')
  mkdirSync(workspace.results, { recursive: true })
  const child = spawn(
    process.execPath,
    ['--no-warnings', program, file, '--yes', '--azure-cloud', sandbox.url],
    { cwd: workspace.repository, stdio: ['ignore', 'pipe', 'pipe'], env: terminal(runner) },
  )
  const lines: LogLine[] = []
  const collect = async (stream: NodeJS.ReadableStream, kind: 'text' | 'error'): Promise<void> => {
    for await (const text of readline.createInterface({ input: stream })) {
      if (text.trim() === '') continue
      const line: LogLine = kind === 'text' ? { kind, text } : { kind, text, properties: {} }
      lines.push(line)
      onLine(line)
    }
  }
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 137))
  })
  const [exitCode] = await Promise.all([ended, collect(child.stdout, 'text'), collect(child.stderr, 'error')])
  return { exitCode, lines }
}

/** How set-up logs what it has done. */
const doneForm = /^ {2}done: (.*)$/

/** Sets the factory up, as its owner does on a machine of theirs, before there is any identity that could. */
export async function setUp(runner: Runner): Promise<StepRecord> {
  const [before, started, start] = [
    runner.sandbox.requestCount(),
    new Date().toISOString(),
    performance.now(),
  ]
  const { exitCode, lines } = await run(runner)
  const milliseconds = Math.round(performance.now() - start)
  const done = lines.flatMap(({ text }) => doneForm.exec(text)?.[1] ?? [])
  const errors = lines.flatMap(({ kind, text }) => (kind === 'error' ? [text] : []))
  const changed = done.length > 0
  const record: RunRecord = {
    ...{ version: 1, action: setupStep.action, mode: setupStep.mode, started, milliseconds, changed },
    ...{ outcome: exitCode === 0 ? 'applied' : 'failed', outputs: {}, files: {}, warnings: [] },
    plan: {
      ...{ version: 1, action: setupStep.action, warnings: [] },
      changes: done.map((name) => ({ change: 'create', kind: 'set-up', name })),
    },
    ...(exitCode === 0 ? {} : { failure: { what: errors.join('\n') || 'Set-up failed.', isDefect: false } }),
  }
  return {
    ...{ environment: 'factory', ...setupStep, run: record },
    result: { exitCode, outputs: { changed: String(changed) }, summary: '', lines, milliseconds },
    calls: runner.sandbox.requestCount() - before,
  }
}
