import type { Report } from '../../plan/report.ts'
import { readCommonArea } from '../common-area.ts'
import type { FactoryTarget } from '../project.ts'
import { commonTemplates, templateFiles } from './common-templates.ts'

/** Renders the two templates of a common area. Calls no service. */
export function renderCommonArea(target: FactoryTarget): Report {
  const area = readCommonArea(target)
  const templates = commonTemplates(area, target.azureCloud)
  const { network, common } = templates
  return {
    outcome: 'planned',
    outputs: {
      'resource-group': area.names.resourceGroup,
      resources: JSON.stringify([...network.resourceIds, ...common.resourceIds]),
    },
    files: templateFiles(templates),
    notice: `The templates of the common area in ${area.factory.environment} are written to ${network.file.name} and ${common.file.name}.`,
  }
}
