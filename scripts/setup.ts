// Sets a factory up: npm run setup -- path/to/factory.yml [--check] [--yes]
// Signed in as whoever has signed in with `az login`, and to GitHub with `gh auth login`. See workflows-templates/README.md.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { UserError } from '../src/diagnostics/user-error.ts'
import { setUp } from '../src/operations/setup/set-up.ts'
import { userAgent } from '../src/runtime/version.ts'

const usage = `Usage: npm run setup -- path/to/factory.yml [--check] [--yes] [--azure-cloud CLOUD] [--oidc-issuer URL]
  --check         compare only; exit code 1 when something is left to do
  --yes           do not ask before the changes are made
  --azure-cloud   AzureCloud (default), AzureUSGovernment, AzureChinaCloud, or the URL of an Azure Resource Manager
  --oidc-issuer   who issues the tokens of GitHub's jobs, where your enterprise has chosen an issuer of its own`

/** Exit code for a command line that makes no sense, as is usual. */
const misuse = 2

/** Where the user is: npm runs scripts in the folder of package.json, and says in INIT_CWD where it was called. */
const whereCalled =
  (process.env['npm_lifecycle_event'] === 'setup' ? process.env['INIT_CWD'] : undefined) ?? process.cwd()

/** What a program writes; undefined when it is not there, or fails. */
function outputOf(command: string, ...parameters: readonly string[]): string | undefined {
  try {
    return execFileSync(command, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}

const api = process.env['GITHUB_API_URL'] ?? apiOf(process.env['GH_HOST'] ?? 'github.com')

function apiOf(host: string): string {
  return host === 'github.com' || host.endsWith('.ghe.com') ? `https://api.${host}` : `https://${host}/api/v3`
}

function gitHubToken(): string {
  const token = process.env['GH_TOKEN'] || process.env['GITHUB_TOKEN'] || outputOf('gh', 'auth', 'token')
  if (token) return token
  throw new UserError({
    what: 'Nobody is signed in to GitHub.',
    why: 'Set-up asks GitHub how it names the repository in the tokens of its jobs.',
    fix: "Sign in with the GitHub CLI: gh auth login. Or set GH_TOKEN to a token that may read the repository's metadata.",
  })
}

/** `owner/name` of the remote that the folder was cloned from. */
function originOf(folder: string): string | undefined {
  const remote = outputOf('git', '-C', folder, 'remote', 'get-url', 'origin')
  return /[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(remote ?? '')?.[1]
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new UserError({
      what: 'Nobody can be asked whether to make the changes.',
      why: 'The input is no terminal.',
      fix: 'Look at the changes above, and run set-up with --yes.',
    })
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question(`\n${question} Only 'yes' is accepted: `)
  terminal.close()
  return answer.trim() === 'yes'
}

interface CommandLine {
  readonly file: string
  readonly check: boolean
  readonly yes: boolean
  readonly azureCloud: string
  readonly issuer: string | undefined
}

/** @throws Error that says what makes no sense */
function readCommandLine(): CommandLine {
  const flag = { type: 'boolean', default: false } as const
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { check: flag, yes: flag, 'azure-cloud': text, 'oidc-issuer': text },
  })
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) throw new Error('One factory.yml is expected.')
  return {
    file: path.resolve(whereCalled, file),
    check: values.check,
    yes: values.yes,
    azureCloud: values['azure-cloud'] ?? 'AzureCloud',
    issuer: values['oidc-issuer'],
  }
}

/** @throws UserError that says where the file was looked for */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new UserError({
      what: `There is no factory.yml at ${file}.`,
      fix: `Give its path, from the folder ${whereCalled}.`,
      cause,
    })
  }
}

/** The command line, or the end of the program: a wrong one is explained with the usage. */
function commandLine(): CommandLine {
  try {
    return readCommandLine()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`)
    process.exit(misuse)
  }
}

const { file, check, yes, azureCloud, issuer } = commandLine()
try {
  const before = textOf(file)
  const outcome = await setUp(
    {
      factoryFile: file,
      mode: check ? 'check' : 'apply',
      azureCloud,
      gitHub: { api, token: gitHubToken() },
      issuer,
      origin: originOf(path.dirname(file)),
    },
    {
      userAgent: userAgent('setup', {}),
      say: (line) => process.stdout.write(`${line}\n`),
      confirm: yes ? async () => true : confirm,
    },
  )
  if (textOf(file) !== before)
    process.stdout.write(
      `\n${file} has the ids of the identities now. Commit it: the jobs find them by it.\n`,
    )
  if (outcome !== 'complete') process.exitCode = 1
} catch (error) {
  if (!(error instanceof UserError)) throw error
  process.stderr.write(`\n${error.message}\n`)
  process.exitCode = 1
}
