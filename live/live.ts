import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import { bold, faint, green, red, say, seconds, showLine } from '../demo/console.ts'
import { UserError } from '../src/diagnostics/user-error.ts'
import { version } from '../src/runtime/version.ts'
import type { CommandLine } from './command-line.ts'
import { costOf } from './cost.ts'
import { type Prepared, prepare } from './prepare.ts'
import { compareRuns, countDifferences, type LiveReport, markdownOf } from './report.ts'
import { cleanUp, type LiveOptions, type LiveRun, runLive } from './run.ts'
import type { RanStep } from './run-step.ts'
import { setUpTwin } from './set-up-twin.ts'
import { type Begun, endOf, hasFailed, liveSteps } from './steps.ts'

const everything: ReadonlySet<Begun> = new Set(['common', 'project'])

function showStep(_side: unknown, ran: RanStep): void {
  const colour = ran.succeeded ? green : hasFailed(ran) && !ran.step.again ? red : faint
  say(`  ${ran.step.does.padEnd(34)} ${colour(endOf(ran))}  ${faint(seconds(ran.milliseconds))}`)
}

const optionsFor = (
  lake: boolean,
  interrupt: AbortSignal,
  remember: LiveOptions['remember'],
): LiveOptions => ({
  ...{ lake, interrupt, remember, showStep },
  showCleanUp: ({ name }) => say(bold(`Removing what was made on ${name}`)),
})

/** @throws UserError where nobody can be asked */
function refuseUnasked({ yes }: CommandLine): void {
  if (yes || process.stdin.isTTY) return
  throw new UserError({
    what: 'Nobody can be asked whether to begin. Nothing was made.',
    why: 'The input is no terminal.',
    fix: 'Run it in a terminal, or with --yes: it creates resources that cost money until it has removed them.',
  })
}

/** Asks a question that only `yes` answers. */
async function confirm(question: string, interrupt: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  // In a terminal that asks, Ctrl+C arrives here and nowhere else.
  const stop = new AbortController()
  terminal.on('SIGINT', () => stop.abort())
  try {
    const signal = AbortSignal.any([interrupt, stop.signal])
    return (await terminal.question(`${question} Only 'yes' is accepted: `, { signal })).trim() === 'yes'
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return false
    throw error
  } finally {
    terminal.close()
  }
}

/** Removes what a run has left that was killed. */
async function removeLeft(
  prepared: Prepared,
  { yes, lake }: CommandLine,
  interrupt: AbortSignal,
): Promise<boolean> {
  const { azure, begun, factory, resourceGroup } = prepared
  const remembered = begun.read()
  if (remembered.size === 0 && !resourceGroup.exists) {
    say('There is nothing to remove.')
    return true
  }
  say(
    `What an earlier run has left in subscription ${factory.subscriptionId} is removed: the project and the common`,
  )
  say(`area of the live run (resource group ${resourceGroup.name}). Nothing else is touched.`)
  if (!yes && !(await confirm('Remove it?', interrupt))) return false
  const { left } = await cleanUp(azure, everything, optionsFor(lake, interrupt, begun.write))
  await prepared.removeGroups()
  return left.length === 0
}

/** The question before anything is made. @returns whether to begin */
async function mayBegin(
  { factory, resourceGroup, azure }: Prepared,
  rehearsal: LiveRun,
  { yes }: CommandLine,
  interrupt: AbortSignal,
): Promise<boolean> {
  const cost = costOf(rehearsal.steps)
  say()
  say(bold(`Now on Azure (${azure.cloud})`))
  say(
    `In subscription ${factory.subscriptionId} (${factory.environment}), ${factory.location}, a common area and one project are`,
  )
  say(
    `created, checked and destroyed again, all with names that begin with 'live' (resource group ${resourceGroup.name}).`,
  )
  say('It takes an hour or so. Groups of the live project are created in Entra ID, and deleted again.')
  say(
    cost === undefined
      ? 'What it costs is not known.'
      : `While it is there it costs about $${cost.perHour.toFixed(2)} an hour by list prices of ${cost.pricesOf} ($${Math.round(cost.perMonth)} if it stayed a month), plus usage.`,
  )
  say(
    'Nobody has been able to run this on Azure yet: you may be the first. Whatever fails, what was made is removed.',
  )
  return yes || confirm('Begin?', interrupt)
}

function refuseLeft({ resourceGroup, begun }: Prepared, file: string): void {
  if (!resourceGroup.exists && begun.read().size === 0) return
  throw new UserError({
    what: `The resource group '${resourceGroup.name}' of a live run is there already, or an earlier run did not end.`,
    why: 'Another live run is under way in this subscription, or one was killed before it had removed everything.',
    fix: `If none is under way, remove it: npm run live -- ${file} --clean-up`,
  })
}

function writeReport(
  prepared: Prepared,
  folder: string,
  azure: LiveRun,
  rehearsal: LiveRun,
  lake: boolean,
): LiveReport {
  const { factory } = prepared
  const steps = compareRuns(azure, rehearsal)
  const ran = new Set(azure.steps.map(({ step }) => step))
  const report: LiveReport = {
    ...{
      version: 1,
      of: `AI Factory Actions ${version}`,
      location: factory.location,
      accessMode: factory.accessMode,
    },
    cloud: prepared.azure.sandbox === undefined ? prepared.azure.cloud : 'a cloud of its own',
    steps,
    notRun: liveSteps.flatMap((step) =>
      ran.has(step)
        ? []
        : [
            `Not run: ${step.does}${step.needsLake && !lake ? ', because this machine does not reach the lake (--lake)' : ''}.`,
          ],
    ),
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'report.md'), markdownOf(report))
  writeFileSync(path.join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
  return report
}

function conclude(azure: LiveRun, report: LiveReport, { folder, prepared, file }: Concluding): boolean {
  const failed = azure.steps.find(hasFailed)
  const count = countDifferences(report.steps)
  say()
  if (azure.interrupted) say(red('Interrupted.'))
  else if (failed !== undefined) say(red(`On Azure it failed: ${failed.step.does}.`))
  if (azure.left.length > 0) {
    say(red(`Not everything could be removed. Look at resource group ${prepared.resourceGroup.name}, then:`))
    say(`npm run live -- ${file} --clean-up`)
  } else say('Everything that was made on Azure is removed.')
  say(
    count === 0
      ? bold('Azure and the sandbox did the same.')
      : bold(`Azure and the sandbox differ: ${count} differences.`),
  )
  say(`Report, which can be sent in: ${path.join(folder, 'report.md')} (and report.json)`)
  return !azure.interrupted && failed === undefined && azure.left.length === 0
}

interface Concluding {
  readonly folder: string
  readonly prepared: Prepared
  readonly file: string
}

/** What follows from a run is removed even when the run itself ends by a defect. */
async function runOnAzure(
  { azure, begun, removeGroups }: Prepared,
  { lake }: CommandLine,
  interrupt: AbortSignal,
): Promise<LiveRun> {
  try {
    return await runLive(azure, optionsFor(lake, interrupt, begun.write))
  } finally {
    await removeGroups()
  }
}

/** Rehearses on the sandbox, asks, runs on Azure, and writes what differed. @returns whether Azure did all of it */
export async function live(asked: CommandLine, folder: string, interrupt: AbortSignal): Promise<boolean> {
  refuseUnasked(asked)
  const prepared = await prepare(asked, folder, { onLine: showLine }, (line) => say(faint(`  ${line}`)))
  const { sandbox, twin } = prepared
  try {
    if (asked.cleanUp) return await removeLeft(prepared, asked, interrupt)
    refuseLeft(prepared, asked.file)
    say(bold('First on the sandbox'))
    await setUpTwin(sandbox)
    const rehearsal = await runLive(
      sandbox,
      optionsFor(asked.lake, interrupt, () => undefined),
    )
    if (interrupt.aborted) return false
    if (rehearsal.steps.some(hasFailed)) {
      say(red('It fails on the sandbox already. Nothing was made on Azure.'))
      return false
    }
    if (!(await mayBegin(prepared, rehearsal, asked, interrupt))) {
      say('Nothing was made on Azure.')
      return false
    }
    const run = await runOnAzure(prepared, asked, interrupt)
    const report = writeReport(prepared, folder, run, rehearsal, asked.lake)
    return conclude(run, report, { folder, prepared, file: asked.file })
  } finally {
    await twin.close()
  }
}
