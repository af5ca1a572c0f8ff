// Calls and time of bringing a team of 1, 10, 100 and 500 into a project, and of the run after it, which finds nothing to
// change; beside them what one role assignment for each person and role takes, as the known accelerator does it. The
// sandbox answers every request 50 ms late; a batch counts as one call. Signing in is left out of the calls.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { crowdOf, withCrowd } from '../sandbox/seeds/crowd.ts'
import { readSeed, threeEnvironmentsFile } from '../sandbox/seeds/index.ts'
import { type Sandbox, startSandbox } from '../sandbox/start.ts'
import { callsOf } from './calls-in-a-row.ts'
import { type Job, runFromSources, templates } from './from-sources.ts'

const latency = 50
const project = '002'
const sizes = [1, 10, 100, 500]

/**
 * Roles that the accelerator assigns to each person of a genai-1 project in dev: 8 on the resource group, 3 on each of two
 * storage accounts, 4 on AI Search, 1 on the key vault, 5 on Foundry, and 2 in the common area.
 */
const rolesPerPerson = 26
/** Of a subscription. https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits */
const mostAssignments = 4_000

const crowd = crowdOf(Math.max(...sizes))

function nameTeam({ folder }: Job, size: number): void {
  const file = path.join(folder, 'repository', 'aifactory', 'projects', `prj${project}.yml`)
  const names = crowd.slice(0, size).map(({ userPrincipalName }) => userPrincipalName)
  const manifest = readFileSync(file, 'utf8').replace(/^ {2}dataScientist: .*\n/m, '')
  writeFileSync(file, manifest.replace('team:\n', `team:\n  dataScientist: [${names.join(', ')}]\n`))
}

interface Figures {
  readonly graph: number
  readonly azure: number
  readonly seconds: number
}

async function measured(job: Job): Promise<Figures> {
  const since = job.sandbox.requestCount()
  const start = performance.now()
  await runFromSources(job, 'add-member', { mode: 'apply', project })
  const seconds = (performance.now() - start) / 1_000
  const requests = job.sandbox.requests(since)
  const work = requests.filter((request) => callsOf([request])[0]?.purpose === 'work')
  const graph = work.filter(({ path: address }) => address.startsWith('/graph/')).length
  return { graph, azure: work.length - graph, seconds }
}

async function provisioned(sandbox: Sandbox, folder: string): Promise<Job> {
  const job: Job = { sandbox, folder, environment: 'dev' }
  const { outputs } = await runFromSources(job, 'ip-calc', { mode: 'reserve', project })
  const subnets = outputs['subnets'] ?? ''
  await runFromSources(job, 'provision-project', { mode: 'apply', project, subnets })
  return job
}

async function ofSize(size: number): Promise<{ first: Figures; second: Figures }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'members-'))
  cpSync(templates, path.join(folder, 'repository'), { recursive: true })
  const seed = withCrowd(await readSeed(threeEnvironmentsFile), crowd)
  const sandbox = await startSandbox({ durationScale: 0, seed })
  try {
    const job = await provisioned(sandbox, folder)
    nameTeam(job, size)
    sandbox.faults.add({ path: '', delay: latency, times: 'always' })
    return { first: await measured(job), second: await measured(job) }
  } finally {
    await sandbox.close()
    rmSync(folder, { recursive: true })
  }
}

const row = (...cells: readonly (string | number)[]): string =>
  cells.map((cell, column) => (column === 0 ? String(cell).padEnd(10) : String(cell).padStart(28))).join('')

const shown = ({ graph, azure, seconds }: Figures): string => `${graph} + ${azure}, ${seconds.toFixed(1)} s`

/** One call after the other, each as late as those of the sandbox; beyond the limit of a subscription it ends. */
function oneByOne(size: number): string {
  const calls = size * rolesPerPerson
  const time = `${calls}, ${((calls * latency) / 1_000).toFixed(1)} s`
  return calls > mostAssignments ? `${time}, too many` : time
}

console.log(
  '\nCalls (Graph + Azure) and time of add-member, by the number of people in one team (genai-1, dev):',
)
console.log(row('people', 'first run', 'second run', 'one by one'))
for (const size of sizes) {
  const { first, second } = await ofSize(size)
  console.log(row(size, shown(first), shown(second), oneByOne(size)))
}
