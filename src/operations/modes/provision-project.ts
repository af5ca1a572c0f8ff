import { checkDelivery } from '../check/check-delivery.ts'
import { destroyProject } from '../destroy/destroy-project.ts'
import { newestOnly } from '../newest/newest-only.ts'
import type { Operation } from '../operation.ts'
import { readProject } from '../project.ts'
import { provisionResources, type ResourceOptions } from '../provision/provision-resources.ts'
import { renderTemplate } from '../provision/render-template.ts'
import { reportDelivery } from '../report/report-delivery.ts'

/** What {@link provisionProject} is asked to do. */
export interface ProvisionOptions extends Omit<ResourceOptions, 'mode'> {
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

/** The operation that a mode of the action provision-project stands for. */
const inMode: Operation<ProvisionOptions> = async (options, context) => {
  const { mode } = options
  if (mode === 'check') return checkDelivery(options, context)
  if (mode === 'destroy') return destroyProject(options, context)
  if (mode === 'report') return reportDelivery(options, context)
  if (mode === 'render') return renderTemplate(options, readProject(options))
  return provisionResources({ ...options, mode }, context)
}

/** The same, unless the default branch has newer documents. Rendering a template or a report calls nothing. */
export const provisionProject = newestOnly<ProvisionOptions>((options) => {
  const { mode, confirm } = options
  if (mode === 'render' || mode === 'report') return undefined
  return { target: options, changing: mode === 'apply' || (mode === 'destroy' && confirm !== undefined) }
}, inMode)
