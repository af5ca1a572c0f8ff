import { catalogue } from '../catalog/index.ts'
import { UserError } from '../diagnostics/user-error.ts'
import { namingScheme } from '../manifest/resolve.ts'
import type { Persona, ResolvedProject } from '../manifest/resolved.ts'
import { projectNames } from '../naming/names.ts'
import type { PersonaKey } from '../vocabulary.ts'
import type { AclEntry, Rights } from './acl.ts'
import { type FolderRule, folderRules, type LakeRole, lakeRoleOf, lakeTitleOf, roleTitles } from './matrix.ts'

/** Object ids in Entra, in any case, of those who appear in access control lists. */
export interface LakePrincipals {
  /** The personas of the factory. */
  readonly roles: readonly Persona[]
  /** The groups of the personas that the project has. */
  readonly personas: Readonly<Partial<Record<PersonaKey, string>>>
  /** Groups of personas that it, or the core team, had once: their permissions are removed. */
  readonly former?: readonly { readonly title: string; readonly id: string }[]
  /** The service principal behind the project's managed identity. */
  readonly projectIdentity: string
  /** The core team's groups. */
  readonly coreTeam: Readonly<Partial<Record<PersonaKey, string>>>
  /**
   * The group that the groups and identities of all projects are in, so that they can pass through the root. Needed
   * when the factory's `lake.traversal` is `group`.
   */
  readonly traversal?: string
}

/** A folder as it should be. */
export interface DesiredPath {
  /** Relative to the container, without a leading slash; the root is ''. */
  readonly path: string
  /** Do the entries hold for everything inside as well? */
  readonly recursive: boolean
  /**
   * Folders of all projects (`shared`) are only added to, and their lists keep what is in them. A folder of the project
   * (`project`) has exactly these entries for everybody this project knows.
   */
  readonly ownership: 'shared' | 'project'
  readonly purpose: string
  readonly access: readonly AclEntry[]
  /** What new things inside get; empty when nothing is inherited. */
  readonly defaults: readonly AclEntry[]
}

/** The folders above all projects. */
export const sharedFolders = [
  { path: '', purpose: 'The root of the lake' },
  { path: 'projects', purpose: 'The folders of all projects' },
] as const

/** Nobody has rights in a project's folder who is not named: neither the owning group nor everybody else. */
const ownerOnly: readonly AclEntry[] = [
  { type: 'user', rights: 'rwx' },
  { type: 'group', rights: '---' },
  { type: 'mask', rights: 'rwx' },
  { type: 'other', rights: '---' },
]

/** The folder that holds all others of a project. */
export function projectFolder({ factory, number }: ResolvedProject): string {
  const { lakeFolder } = projectNames(catalogue, namingScheme(factory), number)
  return `projects/${lakeFolder}`
}

/**
 * The folders of a project in one environment, from the root down, and who may do what in them. The folders that all
 * projects share get one entry, however many projects there are: everybody passes as a member of one group, or as
 * `other`.
 * @throws UserError when a group is needed that does not exist
 */
export function desiredLake(project: ResolvedProject, principals: LakePrincipals): readonly DesiredPath[] {
  const base = projectFolder(project)
  const passage: readonly AclEntry[] = [passageEntry(project, principals)]
  return [
    ...sharedFolders.map(
      ({ path, purpose }): DesiredPath => ({
        path,
        purpose,
        recursive: false,
        ownership: 'shared',
        access: passage,
        defaults: [],
      }),
    ),
    ...folderRules.map((rule): DesiredPath => {
      const entries = [...ownerOnly, ...entriesOf(rule, project, principals)]
      return {
        path: rule.folder === '' ? base : `${base}/${rule.folder}`,
        purpose: rule.purpose,
        recursive: rule.inherited,
        ownership: 'project',
        access: entries,
        defaults: rule.inherited ? entries : [],
      }
    }),
  ]
}

function passageEntry({ factory }: ResolvedProject, { traversal }: LakePrincipals): AclEntry {
  if (factory.lake.traversal === 'other') return { type: 'other', rights: '--x' }
  if (traversal !== undefined) return { type: 'group', id: traversal.toLowerCase(), rights: '--x' }
  throw new UserError({
    what: 'The group that lets teams pass through the root of the data lake does not exist.',
    why: "The factory's lake.traversal is 'group', and add-member creates that group.",
    fix: 'Run add-member for this project and environment first.',
  })
}

function entriesOf(
  { rights }: FolderRule,
  { environment }: ResolvedProject,
  principals: LakePrincipals,
): readonly AclEntry[] {
  return knownPrincipals(principals).flatMap(({ role, type, id }): readonly AclEntry[] => {
    const given: Rights | undefined =
      role === undefined || role === 'traversal' || role === 'former' ? undefined : rights[environment][role]
    return given === undefined ? [] : [{ type, id, rights: given }]
  })
}

/** Somebody this project knows, with the kind of entry that names it. */
export interface KnownPrincipal {
  /** `former`: somebody who had a role once and has none now; undefined: somebody without rights in the lake. */
  readonly role: LakeRole | 'traversal' | 'former' | undefined
  readonly title: string
  readonly type: 'user' | 'group'
  /** Object id in lower case. */
  readonly id: string
}

/** Everybody whose entries in a project's folders are this project's to decide. */
export function knownPrincipals(principals: LakePrincipals): readonly KnownPrincipal[] {
  const { roles, personas, former = [], coreTeam, projectIdentity, traversal } = principals
  const known = (
    role: KnownPrincipal['role'],
    type: KnownPrincipal['type'],
    id: string | undefined,
    title: string,
  ): readonly KnownPrincipal[] => (id === undefined ? [] : [{ role, title, type, id: id.toLowerCase() }])
  const ofProjects = roles.filter(({ kind }) => kind === 'project')
  const ofCoreTeam = roles.filter(({ kind }) => kind === 'coreTeam')
  return [
    ...ofProjects.flatMap((one) => known(lakeRoleOf(one), 'group', personas[one.key], lakeTitleOf(one))),
    ...former.flatMap(({ title, id }) => known('former', 'group', id, `former ${title}`)),
    ...ofCoreTeam.flatMap((one) => known(lakeRoleOf(one), 'group', coreTeam[one.key], lakeTitleOf(one))),
    ...known('projectIdentity', 'user', projectIdentity, roleTitles.projectIdentity),
    ...known('traversal', 'group', traversal, roleTitles.traversal),
  ]
}
