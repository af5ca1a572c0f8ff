import { azureCloudNames } from '../../catalog/facts/private-dns.ts'
import { composeCommonArea } from '../../compose/compose-common.ts'
import { managedResourceIds } from '../../compose/template-summary.ts'
import { jsonFile, type Report } from '../../plan/report.ts'
import { readCommonArea } from '../common-area.ts'
import type { FactoryTarget } from '../project.ts'

/** Renders the two templates of a common area. Calls no service. */
export function renderCommonArea(target: FactoryTarget): Report {
  const area = readCommonArea(target)
  const { subscriptionId, environment } = area.factory
  const cloud = azureCloudNames.find((name) => name === target.azureCloud)
  const { network, common } = composeCommonArea(area, cloud)
  const networkFile = jsonFile(`common-network-${environment}.template.json`, network)
  const file = jsonFile(`common-${environment}.template.json`, common)
  return {
    outcome: 'planned',
    outputs: {
      'resource-group': area.names.resourceGroup,
      resources: JSON.stringify(
        [network, common].flatMap((template) => managedResourceIds(template, subscriptionId)),
      ),
    },
    files: { 'network-template-file': networkFile, 'template-file': file },
    notice: `The templates of the common area in ${environment} are written to ${networkFile.name} and ${file.name}.`,
  }
}
