import { requestStep, setupStep } from '../src/report/chain.ts'
import { overviewSchema } from '../src/report/outputs.ts'
import { bold, red, say, seconds } from './console.ts'
import { isBegun, manifestOf } from './corrected-request.ts'
import type { StepRecord } from './deliver.ts'
import type { Workspace } from './workspace.ts'

/** What a run was asked, for what is said at its end. */
export interface Asked {
  readonly workspace: Workspace
  readonly issueFile: string
  readonly number: number
  /** The command that asks the same again. */
  readonly command: string
}

const isOfProject = ({ project, action }: StepRecord): boolean =>
  project !== undefined || action === requestStep.action

/** What to correct, by its whole path, and how to go on. */
export function howToGoOn(failed: StepRecord, { workspace, issueFile, number, command }: Asked): void {
  const manifest = manifestOf(workspace, number)
  const { action, environment } = failed
  if (!isOfProject(failed)) {
    say(
      red(
        `${action} failed${action === setupStep.action ? '' : ` in ${environment}`}. What was done before is kept.`,
      ),
    )
    say('Do what the error says.')
  } else if (manifest === undefined) {
    say(red('project-request failed, and no project was created.'))
    say(`Correct the request ${issueFile}`)
  } else if (isBegun(workspace, manifest.number)) {
    say(red(`${action} failed in ${environment}. What was done before is kept.`))
    say(`Do what the error says. The manifest is ${manifest.file}`)
  } else {
    say(red(`${action} failed in ${environment}, before anything of the project was created.`))
    say(`Correct the request ${issueFile}`)
    say(`or the manifest that was made of it: ${manifest.file}`)
  }
  say(`Then run it again: ${command}`)
}

const changes = (records: readonly StepRecord[]): boolean =>
  records.some(({ result }) => result.outputs['changed'] === 'true')

const placesOf = (records: readonly StepRecord[]): string =>
  [...new Set(records.map(({ environment }) => environment))].join(', ')

/** How many projects of each type fit beside a common area, and which limit is reached then. */
function capacityLine({ environment, run }: StepRecord): readonly string[] {
  const { capacity } = overviewSchema.parse(JSON.parse(run?.outputs['overview'] ?? '{}'))
  const byLimit = [...Map.groupBy(capacity, ({ first }) => first)].map(([first, same]) => {
    const counts = same.map(({ type, more }) => `${more} of type ${type}`)
    return `${counts.join(', or ')}, up to the limit of ${first}`
  })
  return byLimit.length === 0 ? [] : [`More projects that fit in ${environment}: ${byLimit.join('; or ')}.`]
}

/** What there is of the factory itself, in one line for the set-up and one for the common area. */
function factoryLines(records: readonly StepRecord[]): readonly string[] {
  const setup = records.filter(({ action }) => action === setupStep.action)
  const common = records.filter((record) => !isOfProject(record) && record.action !== setupStep.action)
  const perMonth = common.flatMap(({ run }) => run?.plan?.cost?.after ?? [])
  const cost =
    perMonth.length === 0
      ? ''
      : ` It costs about $${Math.round(perMonth.reduce((sum, amount) => sum + amount, 0))} a month by list prices, plus usage.`
  return [
    ...(setup.length === 0
      ? []
      : [changes(setup) ? 'The factory is set up.' : 'The set-up of the factory is as it should be.']),
    ...(common.length === 0
      ? []
      : [
          `${changes(common) ? 'The common area is created in' : 'The common area is as factory.yml says in'} ${placesOf(common)}.${cost}`,
          ...common.flatMap(capacityLine),
        ]),
  ]
}

/** What was done, as the last lines. */
export function conclude(records: readonly StepRecord[], milliseconds: number): void {
  const ofProject = records.filter(({ project }) => project !== undefined)
  const project = ofProject[0]?.project ?? ''
  const calls = records.reduce((sum, record) => sum + record.calls, 0)
  for (const line of factoryLines(records)) say(line)
  say(
    changes(records.filter(isOfProject))
      ? bold(`Project ${project} is delivered to ${placesOf(ofProject)}.`)
      : bold(
          `Project ${project} is in ${placesOf(ofProject)} as its manifest says.${changes(records) ? '' : ' Nothing was changed.'}`,
        ),
  )
  say(`${seconds(milliseconds)}, ${calls} calls to Azure and GitHub.`)
}
