import { checkDelivery } from '../check/check-delivery.ts'
import { checkCommonDelivery } from '../check/common/check-common.ts'
import { destroyCommonArea } from '../common/destroy-common.ts'
import { provisionCommonArea } from '../common/provision-common.ts'
import { renderCommonArea } from '../common/render-common.ts'
import { destroyProject } from '../destroy/destroy-project.ts'
import { newestOnly } from '../newest/newest-only.ts'
import type { NewestTarget } from '../newest/standing.ts'
import type { Operation } from '../operation.ts'
import { readProject } from '../project.ts'
import { provisionResources, type ResourceOptions } from '../provision/provision-resources.ts'
import { renderTemplate } from '../provision/render-template.ts'
import { reportDelivery } from '../report/report-delivery.ts'

/** What {@link provisionProject} is asked to do to a project. */
export interface ProjectProvision extends Omit<ResourceOptions, 'mode'> {
  readonly target: 'project'
  /**
   * `render` calls nothing and writes the template, `report` calls nothing and shows what earlier steps did, `check` and
   * `plan` change nothing.
   */
  readonly mode: 'render' | 'check' | 'plan' | 'apply' | 'destroy' | 'report'
  /** The project's number, without which `destroy` only shows its plan. */
  readonly confirm: string | undefined
  /** How many minutes `destroy` waits for Azure to let go of subnets. */
  readonly waitMinutes: number
}

/** What {@link provisionProject} is asked to do to the common area of an environment. */
export interface CommonProvision extends Omit<NewestTarget, 'project'> {
  readonly target: 'common'
  /** `render` calls nothing and writes the templates, `check` and `plan` change nothing. */
  readonly mode: 'render' | 'check' | 'plan' | 'apply' | 'destroy'
  /** `common-` and the environment, without which `destroy` only shows its plan. */
  readonly confirm: string | undefined
}

/** What {@link provisionProject} is asked to do. */
export type ProvisionOptions = ProjectProvision | CommonProvision

/** The operation that a mode of the action provision-project stands for. */
const inMode: Operation<ProvisionOptions> = async (options, context) => {
  if (options.target === 'common') return ofCommonArea(options, context)
  const { mode } = options
  if (mode === 'check') return checkDelivery(options, context)
  if (mode === 'destroy') return destroyProject(options, context)
  if (mode === 'report') return reportDelivery(options, context)
  if (mode === 'render') return renderTemplate(options, readProject(options))
  return provisionResources({ ...options, mode }, context)
}

const ofCommonArea: Operation<CommonProvision> = async (options, context) => {
  const { mode } = options
  if (mode === 'render') return renderCommonArea(options)
  if (mode === 'check') return checkCommonDelivery(options, context)
  if (mode === 'destroy') return destroyCommonArea(options, context)
  return provisionCommonArea({ ...options, mode }, context)
}

/** The same, unless the default branch has newer documents. Rendering a template or a report calls nothing. */
export const provisionProject = newestOnly<ProvisionOptions>((options) => {
  const { mode, confirm } = options
  if (mode === 'render' || mode === 'report') return undefined
  return { target: options, changing: mode === 'apply' || (mode === 'destroy' && confirm !== undefined) }
}, inMode)
