// npm run sandbox -- [--port N] [--state FILE] [--seed FILE] [--faults FILE]
// Prints one JSON line when it is ready, {"url", "ca", "env"}, and serves until it is interrupted.
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type FaultRule, parseFaultRules } from './server/faults.ts'
import type { Sandbox, SandboxOptions } from './start.ts'

const usage = 'Usage: npm run sandbox -- [--port N] [--state FILE] [--seed FILE] [--faults FILE]'

/** Exit code for a command line that makes no sense, as is usual. */
const misuse = 2

/** A command line, or a file it names, that the user has to fix. */
class CommandLineError extends Error {
  override readonly name = 'CommandLineError'
}

async function readOptions(args: readonly string[]): Promise<SandboxOptions> {
  const { port, state, seed, faults } = parseFlags(args)
  return {
    ...(port !== undefined && { port: readPort(port) }),
    ...(state !== undefined && { stateFile: state }),
    ...(seed !== undefined && { seed }),
    ...(faults !== undefined && { faults: await readFaults(faults) }),
  }
}

function parseFlags(args: readonly string[]): Readonly<Partial<Record<string, string>>> {
  const text = { type: 'string' } as const
  try {
    const flags = { port: text, state: text, seed: text, faults: text }
    return parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw new CommandLineError(messageOf(error))
  }
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new CommandLineError(`--port must be a whole number from 0 to 65535, found '${text}'.`)
}

async function readFaults(file: string): Promise<readonly FaultRule[]> {
  try {
    return parseFaultRules(await readFile(file, 'utf8'))
  } catch (error) {
    throw new CommandLineError(`The faults file '${file}' cannot be used: ${messageOf(error)}`)
  }
}

/** What is wrong, and what that comes from. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message} ${messageOf(error.cause)}`
}

function closeWhenInterrupted(sandbox: Sandbox): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      sandbox.close().catch((error: unknown) => {
        console.error(`The sandbox could not save its state: ${messageOf(error)}`)
        process.exitCode = 1
      })
    })
  }
}

try {
  const options = await readOptions(process.argv.slice(2))
  // Loaded only now: a wrong command line is answered without waiting for all the rest.
  const { startSandbox } = await import('./start.ts')
  const sandbox = await startSandbox(options)
  closeWhenInterrupted(sandbox)
  console.log(JSON.stringify({ url: sandbox.url, ca: sandbox.caFile, env: sandbox.env }))
} catch (error) {
  const isMisuse = error instanceof CommandLineError
  console.error(isMisuse ? `${error.message}\n${usage}` : `The sandbox could not start. ${messageOf(error)}`)
  process.exitCode = isMisuse ? misuse : 1
}
