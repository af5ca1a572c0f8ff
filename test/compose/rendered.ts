import type { ArmResource } from '../../src/catalog/types.ts'
import { composeProject } from '../../src/compose/compose-project.ts'
import type { SubscriptionTemplate } from '../../src/compose/subscription-template.ts'
import { summariseTemplate } from '../../src/compose/template-summary.ts'
import { isJsonObject, type Json } from '../../src/json.ts'
import type { ResolvedProject } from '../../src/manifest/resolved.ts'
import { exampleNames, exampleSubnets } from '../fixtures/projects.ts'

/** An example's template. */
export const render = (project: ResolvedProject): SubscriptionTemplate =>
  composeProject(project, exampleNames(project), exampleSubnets(project))

const isResource = (value: Json): value is ArmResource =>
  isJsonObject(value) &&
  typeof value['type'] === 'string' &&
  typeof value['apiVersion'] === 'string' &&
  typeof value['name'] === 'string'

/** The resources in each nested deployment, as written. */
export const nested = (template: SubscriptionTemplate): readonly (readonly ArmResource[])[] =>
  template.resources
    .filter(({ type }) => type === 'Microsoft.Resources/deployments')
    .map(({ properties }) => {
      const inner = isJsonObject(properties) ? properties['template'] : undefined
      const resources = isJsonObject(inner) ? inner['resources'] : undefined
      return Array.isArray(resources) ? resources.filter(isResource) : []
    })

/** All resources of all nested deployments of one type. */
export const ofKind = (template: SubscriptionTemplate, type: string): readonly ArmResource[] =>
  nested(template)
    .flat()
    .filter((resource) => resource.type === type)

/** Names of all resources of one type. */
export const namesOf = (project: ResolvedProject, type: string): readonly string[] =>
  summariseTemplate(render(project), project.factory.subscriptionId)
    .filter((resource) => resource.type === type)
    .map(({ name }) => name)

/** Every string anywhere in a value, the keys included. */
export function stringsIn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(stringsIn)
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...stringsIn(inner)])
}
