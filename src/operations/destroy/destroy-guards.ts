import { byCause } from '../../azure/causes.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { Left } from '../removal/left.ts'
import { isLoss, named } from '../removal/loss.ts'
import { lossOf } from '../removal/piece.ts'
import type { DestroyOptions } from './destroy-options.ts'
import type { Doomed } from './read-doomed.ts'

/** @throws UserError when the number that was given is not the project's */
export function refuseWrongNumber({ confirm, project, environment }: DestroyOptions): void {
  if (confirm === undefined || confirm === project) return
  throw new UserError({
    what: `Input 'confirm' is ${JSON.stringify(confirm.slice(0, 80))}, and the project to destroy in ${environment} is ${project}. Nothing was changed.`,
    why: 'Whoever destroys a project gives its number once more, so that no other goes by mistake.',
    fix: `Look at the plan first (leave the input out), then set confirm: "${project}".`,
  })
}

/** What is lost: resources, and files in the data lake. */
function losses({ changes, lakeHoldsData, target }: Doomed): readonly string[] {
  return [
    ...changes.filter(isLoss).map(({ kind, name }) => `${kind} '${name}'`),
    ...(lakeHoldsData ? [`the files of project ${target.project.number} in the data lake`] : []),
  ]
}

/** Data goes only when somebody says so. */
export function refuseLoss(options: DestroyOptions, doomed: Doomed): UserError | undefined {
  const lost = losses(doomed)
  if (lost.length === 0 || options.allowed.includes('deletion')) return undefined
  const { project, environment } = options
  return new UserError({
    what: `Project ${project} in ${environment} would lose data: ${named(lost)}. Nothing was changed.`,
    why: "Mode destroy deletes what holds data only when the input 'allow' contains 'deletion'.",
    fix: `If all of it may be lost, set the inputs ${inputs(options, doomed)}.`,
  })
}

/** The inputs that a destroy takes besides those of its plan. */
const inputs = ({ project, allowed }: DestroyOptions, doomed: Doomed): string => {
  const missing = losses(doomed).length > 0 ? ['deletion'] : []
  const allow = [...new Set([...missing, ...allowed])].join(', ')
  return `confirm: "${project}"${allow === '' ? '' : ` and allow: ${allow}`}`
}

/** How to go on from a plan. */
export function howToGoOn(options: DestroyOptions, doomed: Doomed): string {
  const kept = doomed.found.ours.filter((piece) => lossOf(piece)?.softDelete?.purge !== undefined)
  const purge =
    kept.length === 0 || options.allowed.includes('purge')
      ? ''
      : ` With "purge" in allow, ${kept.map(({ name }) => name).join(' and ')} cannot be recovered afterwards, and no subnet waits for it.`
  return `Nothing was changed. To destroy it, run again with the inputs ${inputs(options, doomed)}.${purge}`
}

/**
 * What went wrong, when something did: what is left for another reason is no failure. One fault for each cause.
 * @param of e.g. `project 001 in dev`
 */
export function failureOfLeft(of: string, left: readonly Left[]): UserError | undefined {
  const failed = left.filter(({ why }) => why === 'failed')
  if (failed.length === 0) return undefined
  const causes = byCause(failed, detailOf).map(({ first, others }) => faultOf(first, others))
  const what = `Not all of ${of} could be destroyed.`
  const goOn = 'The job summary lists all that is left. Running again goes on from here.'
  const [first, ...rest] = causes
  if (first !== undefined && rest.length === 0)
    return new UserError({ what: `${what} ${first.what}`, fix: `${first.fix} ${goOn}` })
  const listed = causes.slice(0, mostCauses).map((one, index) => `(${index + 1}) ${one.what} ${one.fix}`)
  const more = causes.length - listed.length
  return new UserError({
    what,
    why: [...listed, ...(more > 0 ? [`And ${more} more.`] : [])].join(' '),
    fix: goOn,
    faults: causes,
  })
}

const mostCauses = 5

/** The reason starts with what it is about; ids in it are where the same went wrong. */
const detailOf = ({ reason, fix }: Left) => ({
  code: fix,
  message: reason.replaceAll(/\/subscriptions\/[^\s'"]+/g, '…'),
  target: '',
})

/** What one cause has kept: the first in full, the others by their number. */
const faultOf = ({ kind, name, reason, fix }: Left, others: readonly Left[]) => ({
  what: `${kind} '${name}'${others.length === 0 ? '' : ` and ${others.length} more`}: ${reason}`,
  fix,
})
