// What the documents say of the services, from the catalogue.
import { keysOf } from '../../src/by-key.ts'
import { isService } from '../../src/catalog/catalogue.ts'
import { everything, partsOf } from '../../src/catalog/contents.ts'
import { roles } from '../../src/catalog/facts/roles.ts'
import type { Catalogue } from '../../src/catalog/index.ts'
import type { PartDefinition, StatefulType } from '../../src/catalog/types.ts'

/** The boxes of the issue form, one for each service. */
export const serviceBoxes = ({ services }: Catalogue): string =>
  keysOf(services)
    .map((key) => `        - label: ${services[key].formLabel}`)
    .join('\n')

/** A table of all that a project can have. */
export function serviceTable(catalogue: Catalogue): string {
  const header = ['Part', 'Key', 'On by itself in', 'Subnets', 'Private endpoints', 'What is lost with it']
  const rows = partsOf(everything(catalogue), catalogue).map((part) => [
    `[${part.title}](${part.documentation})`,
    isService(part) ? `\`${part.key}\`` : '',
    isService(part) ? part.defaultFor.map((type) => `\`${type}\``).join(', ') || '–' : 'every project',
    Object.keys(part.subnets)
      .map((key) => `\`${key}\``)
      .join(', '),
    [...new Set(part.privateEndpoints.map(({ group }) => group))].join(', '),
    losses(part).join(' '),
  ])
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const losses = ({ data, resources }: PartDefinition): readonly string[] =>
  [...new Set(Object.values(resources).map(({ type }) => data[type]))]
    .filter((held): held is StatefulType => held !== undefined && held !== 'stateless')
    .map(({ holds, softDelete }) => {
      const kept =
        softDelete === undefined ? '' : ` ([${softDelete.sentence.replace(/\.$/, '')}](${softDelete.source}))`
      return `${holds.charAt(0).toUpperCase()}${holds.slice(1)}${kept}.`
    })

/** The roles of Azure's own access control, which an environment may assign; Cosmos DB's are not assigned through it. */
export function roleList(): string {
  const assigned = Object.entries(roles).filter(([, { plane }]) => plane === 'azure')
  const names = assigned.map(([name]) => `#   ${name}`)
  const ids = assigned.map(([, { id }]) => id).join(', ')
  return [
    '```bash',
    '# The condition names each of these by its identifier:',
    ...names,
    `ROLES="${ids}"`,
    '```',
  ].join('\n')
}
