import type { Report } from '../../plan/report.ts'
import { commonTemplates } from '../area/common-templates.ts'
import { readCommonArea } from '../common-area.ts'
import type { FactoryTarget } from '../project.ts'

/** Renders the two templates of a common area. Calls no service. */
export function renderCommonArea(target: FactoryTarget): Report {
  const area = readCommonArea(target)
  const { network, common } = commonTemplates(area, target.azureCloud)
  return {
    outcome: 'planned',
    outputs: {
      'resource-group': area.names.resourceGroup,
      resources: JSON.stringify([...network.resourceIds, ...common.resourceIds]),
    },
    files: { 'network-template-file': network.file, 'template-file': common.file },
    notice: `The templates of the common area in ${area.factory.environment} are written to ${network.file.name} and ${common.file.name}.`,
  }
}
