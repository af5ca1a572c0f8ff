import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'

const outcome = z.object({
  exit: z.int().optional(),
  status: z.int().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  /** Name of the exception that a client raised. */
  kind: z.string().optional(),
  output: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** What the tool printed besides. */
  text: z.string().optional(),
  /** What JMESPath expressions found in the output. */
  values: z.record(z.string(), z.unknown()).optional(),
  /** Addresses off the machine that the tool wanted to reach. */
  left: z.array(z.string()).optional(),
  /** What the driver itself fell over. */
  broken: z.string().optional(),
  seconds: z.number().optional(),
})

/** How a command, call or request ended. */
export type Outcome = z.infer<typeof outcome>

/** What one process of tools is made with. */
export interface DriverSettings {
  readonly url: string
  readonly tenant: string
  readonly clientId: string
  readonly secret: string
  readonly subscription: string
}

/** How long one case may take; what takes longer hangs. */
const patience = 180_000

/** A Python process in which one identity is signed in, with a configuration of its own. It runs one job at a time. */
export class Driver {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #home: string
  #errors = ''
  #waiting: ((line: string | undefined) => void) | undefined

  constructor(python: string, settings: DriverSettings, caFile: string) {
    this.#home = mkdtempSync(path.join(os.tmpdir(), 'judge-'))
    const script = path.join(import.meta.dirname, 'python', 'driver.py')
    this.#child = spawn(python, ['-s', script], { env: environment(this.#home, caFile), cwd: this.#home })
    this.#child.stderr.on('data', (data) => {
      this.#errors += data
    })
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#answer(line))
    this.#child.on('close', () => this.#answer(undefined))
    this.#child.stdin.on('error', () => this.#answer(undefined))
    this.#child.stdin.write(`${JSON.stringify(settings)}\n`)
  }

  /** Runs one job. Whatever goes wrong is part of the outcome. */
  async run(job: Readonly<Record<string, unknown>>): Promise<Outcome> {
    const line = await new Promise<string | undefined>((resolve) => {
      if (this.#child.exitCode !== null) return resolve(undefined)
      const timer = setTimeout(() => this.#child.kill(), patience)
      this.#waiting = (answer) => {
        clearTimeout(timer)
        resolve(answer)
      }
      this.#child.stdin.write(`${JSON.stringify(job)}\n`)
    })
    if (line === undefined) return { broken: `Python ended. ${this.#errors}`.trim() }
    return outcome.parse(JSON.parse(line))
  }

  /** Ends the process and removes what it kept. */
  async close(): Promise<void> {
    if (this.#child.exitCode === null) {
      const closed = new Promise((resolve) => this.#child.once('close', resolve))
      this.#child.stdin.end()
      this.#child.kill()
      await closed
    }
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 3 })
  }

  #answer(line: string | undefined): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.(line)
  }
}

/** Nobody serves this port: who goes through this proxy gets nowhere. */
const nowhere = 'http://127.0.0.1:9'

/** All that the process sees of the outside: nothing of the user's own Azure configuration, and no way off the machine. */
function environment(home: string, caFile: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    SYSTEMROOT: process.env['SYSTEMROOT'],
    HOME: home,
    USERPROFILE: home,
    TMPDIR: home,
    TEMP: home,
    LANG: 'C.UTF-8',
    PYTHONUTF8: '1',
    HTTPS_PROXY: nowhere,
    HTTP_PROXY: nowhere,
    NO_PROXY: 'localhost,127.0.0.1',
    REQUESTS_CA_BUNDLE: caFile,
    SSL_CERT_FILE: caFile,
    AZURE_CONFIG_DIR: path.join(home, 'azure'),
    AZURE_CORE_COLLECT_TELEMETRY: 'no',
    AZURE_CORE_INSTANCE_DISCOVERY: 'no',
    AZURE_CORE_LOGIN_EXPERIENCE_V2: 'off',
    AZURE_CORE_NO_COLOR: 'yes',
    AZURE_CORE_OUTPUT: 'json',
    AZURE_CORE_DISABLE_PROGRESS_BAR: 'yes',
    AZURE_CORE_SURVEY_MESSAGE: 'no',
    AZURE_EXTENSION_USE_DYNAMIC_INSTALL: 'no',
    AZURE_AUTO_UPGRADE_ENABLE: 'no',
  }
}
