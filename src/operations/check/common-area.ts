import { unlessForbidden } from '../../azure/failure.ts'
import { type ArmType, apiVersions } from '../../catalog/facts/api-versions.ts'
import { textsIn, typeOfId } from '../../compose/body-texts.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import { isWithin, lastSegment, resourceGroupIdOf, sameText } from '../../resource-id.ts'
import { together } from '../together.ts'
import { type Finding, unchecked } from './finding.ts'
import type { Situation } from './situation.ts'

/** What a delivery refers to outside of the project's group: how people call it, and the key of factory.yml that leads to it. */
const referred = {
  'Microsoft.ContainerRegistry/registries': {
    noun: 'shared container registry',
    key: 'sharedContainerRegistry',
    fix: "Deliver the common area (provision-project with 'target: common'); or set 'sharedContainerRegistry: false' in factory.yml, so that each project gets one of its own.",
  },
  'Microsoft.Network/privateDnsZones': {
    noun: 'private DNS zone',
    key: 'dns',
    fix: "Create it there. If the zones are somewhere else, say so in factory.yml: 'dns: { mode: hub, subscriptionId: …, resourceGroup: … }'; if a policy writes the records, 'dns: { mode: policy }'.",
  },
  'Microsoft.OperationalInsights/workspaces': {
    noun: 'Log Analytics workspace',
    key: 'instance',
    fix: "Deliver the common area (provision-project with 'target: common'), and check instance, locationCode and salt in factory.yml.",
  },
} as const satisfies Readonly<Partial<Record<ArmType, Referred>>>

/** The one registry that only workspaces need. */
const forWorkspaces = {
  noun: 'container registry of Machine Learning',
  key: 'common',
  fix: "Deliver the common area (provision-project with 'target: common'), with 'common: { machineLearningRegistry: true }' in factory.yml: the shared registry knows repositories, and workspaces need one that does not.",
} as const satisfies Referred

interface Referred {
  readonly noun: string
  readonly key: keyof ResolvedFactory
  readonly fix: string
}

interface Reference extends Referred {
  readonly id: string
  readonly type: keyof typeof referred
}

/** Does all exist that the delivery refers to, and that nobody creates for it? The lake and the network have checks of their own. */
export async function checkCommonArea(situation: Situation): Promise<readonly Finding[]> {
  const { services, target } = situation
  const references = referencesOf(situation)
  const seen = await together(
    ...references.map(async (reference) => ({ reference, is: await stateOf(reference, services.resources) })),
  )
  const those = (state: State) => seen.flatMap(({ reference, is }) => (is === state ? [reference] : []))
  const findings = [
    ...those('missing').map((reference) => missing(reference, target.project.factory)),
    ...hidden(those('hidden')),
  ]
  if (findings.length > 0) return findings
  return [
    {
      severity: 'good',
      what: `What the project uses and others have made is there: ${nouns(references)}.`,
    },
  ]
}

const nouns = (references: readonly Reference[]): string =>
  [...Map.groupBy(references, ({ noun }) => noun)].map(([noun, all]) => `${all.length} × ${noun}`).join(', ')

/** The ids in the template, and those where roles are assigned, that are not the project's. */
function referencesOf({ resources, assignments, target }: Situation): readonly Reference[] {
  const named = resources.flatMap(({ body }) => textsIn(body).map(({ value }) => value))
  const scopes = assignments.flatMap(({ plane, scope }) => (plane === 'azure' ? [scope] : []))
  const outside = [...named, ...scopes].filter((id) => !isWithin(id, target.ids.resourceGroup))
  const distinct = new Map(outside.map((id) => [id.toLowerCase(), id]))
  return [...distinct.values()].flatMap((id) => {
    const type = knownTypeOf(id)
    if (type === undefined) return []
    const { containerRegistry, machineLearningRegistry } = target.ids
    const isForWorkspaces = sameText(id, machineLearningRegistry) && !sameText(id, containerRegistry)
    return [{ ...(isForWorkspaces ? forWorkspaces : referred[type]), id, type }]
  })
}

const isReferred = (type: string): type is keyof typeof referred => Object.hasOwn(referred, type)

function knownTypeOf(id: string): keyof typeof referred | undefined {
  const type = typeOfId(id) ?? ''
  return Object.keys(referred)
    .filter(isReferred)
    .find((known) => sameText(known, type))
}

type State = 'there' | 'missing' | 'hidden'

const stateOf = ({ id, type }: Reference, { read }: Situation['services']['resources']): Promise<State> =>
  unlessForbidden(
    async () => ((await read(id, apiVersions[type])) === undefined ? 'missing' : 'there'),
    'hidden',
  )

const missing = ({ id, noun, key, fix }: Reference, factory: ResolvedFactory): Finding => ({
  severity: 'fault',
  what: `The ${noun} '${lastSegment(id)}' does not exist in resource group '${lastSegment(resourceGroupIdOf(id))}'.`,
  where: factory.at(key),
  why: 'The project refers to it, and does not create it.',
  fix,
})

/** One finding for all: the reason is the same. */
function hidden(references: readonly Reference[]): readonly Finding[] {
  if (references.length === 0) return []
  const names = references.map(({ noun, id }) => `${noun} '${lastSegment(id)}'`).join(', ')
  return [
    unchecked(
      `Whether these exist: ${names}.`,
      'This identity may not read them.',
      'Give it Reader where they are, to have it checked. Where one is missing, the delivery fails.',
    ),
  ]
}
