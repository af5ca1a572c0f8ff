import type { NumberedProject } from './project-by-number.ts'

/** The resource group of a project, as a row of a plan or of what is left. */
export const groupRow = ({ ids, names }: Pick<NumberedProject, 'ids' | 'names'>) => ({
  kind: 'resource group',
  name: names.project.resourceGroup,
  scope: ids.resourceGroup,
})

/** Its deployment stack. */
export const stackRow = ({ names }: Pick<NumberedProject, 'names'>) => ({
  kind: 'deployment stack',
  name: names.project.deploymentStack,
})
