import { isService } from '../catalog/catalogue.ts'
import { partsOf } from '../catalog/contents.ts'
import { catalogue } from '../catalog/index.ts'
import type { PartDefinition } from '../catalog/types.ts'
import { contentsOf } from '../compose/project-context.ts'
import type { DescribedEnvironment } from './delivery.ts'
import type { DeliveryFacts } from './facts.ts'
import { html, type Markup } from './html.ts'
import { link, portalLink } from './links.ts'
import { listed } from './parts.ts'

/** A part of the project as a reader meets it. */
export interface PartFacts {
  readonly title: string
  readonly documentation: string
  /** What it is for, in the words of the issue form; absent for what every project has. */
  readonly purpose: string | undefined
  /** Ids of the resources that it declares and the project has, its main one first. */
  readonly resourceIds: readonly string[]
}

/** What stands in brackets behind the name: `Azure AI Search (find the right passages …)`. */
const purposeOf = (label: string): string | undefined => /\(([^()]+)\)\s*$/.exec(label)?.[1]

function factsOf(part: PartDefinition, { ids }: DescribedEnvironment): PartFacts {
  const idOf: Readonly<Record<string, string | undefined>> = ids
  return {
    title: part.title,
    documentation: part.documentation,
    purpose: isService(part) ? purposeOf(part.formLabel) : undefined,
    resourceIds: Object.keys(part.resources).flatMap((key) => idOf[key] ?? []),
  }
}

/** The parts of a project in an environment. */
export const partsOfProject = (described: DescribedEnvironment): readonly PartFacts[] =>
  partsOf(contentsOf(described.project), catalogue).map((part) => factsOf(part, described))

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`

/** What the project is for, and what each of its services is for. */
export function purposeSection({ described, environments, origin }: DeliveryFacts): Markup | undefined {
  if (described === undefined) return undefined
  const { project } = described
  const parts = partsOfProject(described)
  const services = parts.filter(({ purpose }) => purpose !== undefined)
  const others = parts.filter(({ purpose, resourceIds }) => purpose === undefined && resourceIds.length > 0)
  const isThere = environments[0]?.resources !== undefined
  const portal = (id: string): Markup | undefined =>
    isThere ? link(portalLink(origin.portal, project.factory.tenantId, id), 'Portal') : undefined
  return html`<section class="block purpose" aria-labelledby="purpose">
<h2 id="purpose">What it is for</h2>
<p class="lead">${project.description === '' ? 'The manifest has no description. Add one: it is what people read first.' : project.description}</p>
<dl class="services">${services.map(
    ({ title, purpose = '', documentation, resourceIds: [id = ''] }) =>
      html`<div><dt>${title}</dt><dd>${sentence(purpose)} ${portal(id)} ${link(documentation, 'Documentation')}</dd></div>\n`,
  )}</dl>
<p class="note">Every project also has ${listed(others.map(({ title }) => title.replace(/^[A-Z](?=[a-z]+-)/, (letter) => letter.toLowerCase())))}.</p>
</section>`
}
