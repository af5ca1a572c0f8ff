import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll } from '@jest/globals'
import { installAzureCli } from '../../sandbox/az/install.ts'
import { emptySubscriptionsFile } from '../../sandbox/seeds/index.ts'
import { type Sandbox, type SandboxOptions, startSandbox, trust } from '../../sandbox/start.ts'
import { writesIn } from '../e2e/support/transcript.ts'
import { exampleText } from '../manifest/examples.ts'

const root = path.join(import.meta.dirname, '../..')
const passwords = 'sandbox-only-not-a-secret'

/** What a person saw of set-up. */
export interface SetupRun {
  readonly exitCode: number
  readonly text: string
  /** What was changed in Azure, Entra, Graph and GitHub, each as method and path. */
  readonly writes: readonly string[]
}

/** A company with a factory.yml, and people who set it up. */
export interface SettingUp {
  readonly sandbox: Sandbox
  readonly file: string
  readonly read: () => string
  readonly edit: (change: (text: string) => string) => void
  /** Runs `npm run setup` as somebody who is signed in with the Azure CLI; by default Ops, who owns the subscriptions. */
  readonly run: (options?: {
    readonly as?: string
    /** Who is signed in to GitHub; by default Ops, who administers the repository. */
    readonly onGitHub?: string
    readonly flags?: readonly string[]
  }) => Promise<SetupRun>
}

/** factory.yml before anybody has set it up. */
export const beforeSetup = exampleText('factory.yml')
  .replaceAll(/^ {4}clientId:.*\n/gm, '')
  .replace('tags:', 'repository: contoso/ai-factory\ntags:')

const opened: (() => Promise<void>)[] = []
afterAll(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
})

/** Opens it, by default with three empty subscriptions. */
export async function openSettingUp(
  options: SandboxOptions = { seed: emptySubscriptionsFile },
  text = beforeSetup,
): Promise<SettingUp> {
  const sandbox = await startSandbox({ durationScale: 0, ...options })
  trust(sandbox.ca)
  opened.push(sandbox.close)
  return settingUpIn(sandbox, text)
}

/** The same in a sandbox that is there. */
export function settingUpIn(sandbox: Sandbox, text: string): SettingUp {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'set-up-'))
  opened.push(async () => rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'factory.yml')
  writeFileSync(file, text)
  const read = (): string => readFileSync(file, 'utf8')
  return {
    sandbox,
    file,
    read,
    edit: (change) => writeFileSync(file, change(read())),
    run: async ({ as = 'ops@contoso.example', onGitHub = 'ops', flags = ['--yes'] } = {}) => {
      const since = sandbox.requestCount()
      const result = await runSetup(sandbox, folder, { as, onGitHub }, [file, ...flags])
      const writes = writesIn(sandbox.requests(since))
        .filter(({ path: at }) => !at.includes('token'))
        .map(({ method, path: at }) => `${method} ${at.split('?')[0]}`)
      return { ...result, writes }
    },
  }
}

/** Runs the program as npm does, in a process of its own, with a small `az` in its PATH. */
function runSetup(
  sandbox: Sandbox,
  folder: string,
  { as: userPrincipalName, onGitHub }: { readonly as: string; readonly onGitHub: string },
  parameters: readonly string[],
): Promise<Omit<SetupRun, 'writes'>> {
  const { url, caFile, state } = sandbox
  const { tenantId } = state.directory
  const person = { userPrincipalName, password: passwords }
  const az = installAzureCli(path.join(folder, `az-${userPrincipalName}`), { url, caFile, tenantId, person })
  const environment = {
    PATH: `${az}${path.delimiter}${process.env['PATH']}`,
    NODE_EXTRA_CA_CERTS: caFile,
    GITHUB_API_URL: `${url}/api/v3`,
    GH_TOKEN: sandbox.personToken(onGitHub),
  }
  const command = ['--no-warnings', path.join(root, 'scripts/setup.ts'), ...parameters, '--azure-cloud', url]
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      command,
      { env: environment, cwd: folder },
      (_, stdout, stderr) => {
        resolve({ exitCode: child.exitCode ?? -1, text: `${stdout}${stderr}` })
      },
    )
    child.stdin?.end()
  })
}
