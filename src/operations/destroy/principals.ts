import { namesBesides } from '../../access/former-groups.ts'
import { mayBeOurs } from '../../access/refuse-groups.ts'
import type { ExistingGroup } from '../../azure/directory.ts'
import { keysOf } from '../../by-key.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { catalogue } from '../../catalog/index.ts'
import { projectPersonas } from '../../manifest/personas.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import type { Piece } from '../removal/piece.ts'
import type { DestroyClients } from './destroy-clients.ts'
import type { NumberedProject } from './project-by-number.ts'

/** Who holds roles as the project: its groups of people, and its identities. */
export interface Principals {
  readonly groups: readonly { readonly group: ExistingGroup }[]
  /** Object ids by the name of the resource. */
  readonly identities: ReadonlyMap<string, string>
  /** What all of them are called, existing or not, as role assignments say it. */
  readonly names: readonly string[]
}

/** The groups of the personas, also of those that no manifest needs any more, or that factory.yml no longer has. */
export async function readGroups(
  { project, names }: NumberedProject,
  { directory }: DestroyClients,
): Promise<Principals['groups']> {
  const { personaGroup, personaGroupPrefix } = names.project
  const named = projectPersonas(project.factory).map(personaGroup)
  const [ofPersonas, listed] = await Promise.all([
    Promise.all(named.map(directory.findGroup)),
    directory.namesBeginningWith(personaGroupPrefix),
  ])
  const others = await Promise.all(namesBesides(named, listed).map(directory.findGroup))
  const former = others.filter((group) => group !== undefined && mayBeOurs(group))
  return [...ofPersonas, ...former].flatMap((group) => (group === undefined ? [] : [{ group }]))
}

/** The identities among the resources of a project. */
export async function readIdentities(
  { ids }: NumberedProject,
  ours: readonly Piece[],
  { resources }: DestroyClients,
): Promise<Principals['identities']> {
  const keys = keysOf(catalogue.resources).filter(
    (key) => catalogue.resources[key].identity !== undefined && ours.some(({ id }) => sameText(id, ids[key])),
  )
  const found = await Promise.all(
    keys.map(async (key) => {
      const { type, identity } = catalogue.resources[key]
      const resource = await resources.read(ids[key], apiVersions[type])
      const id = identity === 'system' ? resource?.identityPrincipalId : resource?.properties['principalId']
      return typeof id === 'string' && id !== '' ? [[lastSegment(ids[key]), id] as const] : []
    }),
  )
  return new Map(found.flat())
}

/** Names under which roles are assigned to a project. */
export const principalNames = (
  { project, ids, names }: NumberedProject,
  groups: Principals['groups'],
): readonly string[] => [
  ...new Set([
    ...projectPersonas(project.factory).map(names.project.personaGroup),
    ...groups.map(({ group }) => group.displayName),
  ]),
  ...keysOf(catalogue.resources)
    .filter((key) => catalogue.resources[key].identity !== undefined)
    .map((key) => lastSegment(ids[key])),
]

/** The object ids of all that exist. */
export const principalIds = ({
  groups,
  identities,
}: Pick<Principals, 'groups' | 'identities'>): ReadonlySet<string> =>
  new Set(
    [...groups.map(({ group }) => group.objectId), ...identities.values()].map((id) => id.toLowerCase()),
  )
