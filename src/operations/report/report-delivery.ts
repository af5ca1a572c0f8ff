import path from 'node:path'
import type { Report } from '../../plan/report.ts'
import { renderReport } from '../../report/page.ts'
import type { OperationContext } from '../operation.ts'
import type { ProjectTarget } from '../project.ts'
import { describeEnvironment } from './describe.ts'
import { originOnGitHub } from './origin.ts'
import { readRecords } from './read-records.ts'

/**
 * Makes a page of what the steps of this job have done for a project in an environment, also when one of them failed.
 * Calls no service: the steps have left records of their runs in the runner's temporary folder.
 */
export function reportDelivery(target: ProjectTarget, { environment }: OperationContext): Report {
  const folder = path.join(environment['RUNNER_TEMP'] ?? path.join(process.cwd(), 'out'), 'ai-factory')
  const runs = readRecords(folder).filter(
    ({ project, environment: where, mode }) =>
      project === target.project && where === target.environment && mode !== 'report',
  )
  const described = describeEnvironment(target)
  const text = renderReport({
    runs,
    environments: [target.environment],
    described: new Map(described === undefined ? [] : [[target.environment, described]]),
    origin: originOnGitHub(target, environment),
  })
  const name = `prj${target.project}.${target.environment}.report.html`
  return {
    outcome: 'planned',
    outputs: {},
    files: { 'report-file': { name, text } },
    notice: `The report of the delivery of project ${target.project} to ${target.environment} is written to ${name}.`,
  }
}
