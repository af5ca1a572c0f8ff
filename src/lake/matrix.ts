import type { CorePersonaKey, ProjectPersonaKey } from '../catalog/personas.ts'
import type { Persona } from '../manifest/resolved.ts'
import type { Environment, PersonaKey } from '../vocabulary.ts'
import type { Rights } from './acl.ts'

/** Who can have permissions in a project's folders: the personas of this release, and the project's managed identity. */
export type LakeRole = ProjectPersonaKey | CorePersonaKey | 'projectIdentity'

/** A folder of a project, and what each role may do in it. A role that is not listed may do nothing. */
export interface FolderRule {
  /** Below the project's folder; '' is that folder itself. */
  readonly folder: string
  readonly purpose: string
  /** Do the rights hold for everything inside, now and later? Otherwise for the folder alone. */
  readonly inherited: boolean
  readonly rights: Readonly<Record<Environment, Readonly<Partial<Record<LakeRole, Rights>>>>>
}

/** In Stage and Prod only automation writes, and of the people only the core team reads, to find faults. */
const automationOnly = { projectIdentity: 'rwx', dataOps: 'r-x' } as const

const passing = {
  lead: 'r-x',
  dataScientist: 'r-x',
  aiEngineer: 'r-x',
  agentDeveloper: 'r-x',
  dataEngineer: 'r-x',
  frontendDeveloper: 'r-x',
  projectIdentity: 'r-x',
  dataOps: 'r-x',
  fabricDataOps: 'r-x',
  itAdmin: 'r-x',
} as const

const passingWithoutPeople = { projectIdentity: 'r-x', dataOps: 'r-x', itAdmin: 'r-x' } as const

/**
 * The folders of every project, and who may do what in them. Nobody but the owner of the lake may add folders beside
 * these, so that everything a project stores is under one of the four rules below.
 */
export const folderRules: readonly FolderRule[] = [
  {
    folder: '',
    purpose: 'The project. Those who work in it may list it',
    inherited: false,
    rights: { dev: passing, stage: passingWithoutPeople, prod: passingWithoutPeople },
  },
  {
    folder: 'in',
    purpose: 'Data as it was delivered. The team reads it, those who deliver data write it',
    inherited: true,
    rights: {
      dev: {
        lead: 'r-x',
        dataScientist: 'r-x',
        aiEngineer: 'r-x',
        agentDeveloper: 'r-x',
        dataEngineer: 'rwx',
        projectIdentity: 'rwx',
        dataOps: 'rwx',
        fabricDataOps: 'r-x',
      },
      stage: automationOnly,
      prod: automationOnly,
    },
  },
  {
    folder: 'out',
    purpose: 'Results for others. The team writes them, the core team and front ends read them',
    inherited: true,
    rights: {
      dev: {
        lead: 'rwx',
        dataScientist: 'rwx',
        aiEngineer: 'rwx',
        dataEngineer: 'rwx',
        frontendDeveloper: 'r-x',
        agentDeveloper: 'r-x',
        projectIdentity: 'rwx',
        dataOps: 'r-x',
        fabricDataOps: 'r-x',
      },
      stage: automationOnly,
      prod: automationOnly,
    },
  },
  {
    folder: 'bad',
    purpose: 'Data that could not be used, for those who deliver it',
    inherited: true,
    rights: {
      dev: {
        lead: 'rwx',
        dataScientist: 'rwx',
        aiEngineer: 'rwx',
        dataEngineer: 'rwx',
        projectIdentity: 'rwx',
        dataOps: 'rwx',
      },
      stage: automationOnly,
      prod: automationOnly,
    },
  },
  {
    folder: 'work',
    purpose: 'Everything in between: features, models, experiments. The team does here as it likes',
    inherited: true,
    rights: {
      dev: {
        lead: 'rwx',
        dataScientist: 'rwx',
        aiEngineer: 'rwx',
        agentDeveloper: 'rwx',
        dataEngineer: 'rwx',
        projectIdentity: 'rwx',
      },
      stage: { projectIdentity: 'rwx' },
      prod: { projectIdentity: 'rwx' },
    },
  },
]

/** What roles are called in plans and reports. */
export const roleTitles: Readonly<Record<LakeRole | 'traversal', string>> = {
  lead: 'team lead',
  dataScientist: 'data scientists',
  aiEngineer: 'AI engineers',
  agentDeveloper: 'agent developers',
  dataEngineer: 'data engineers',
  frontendDeveloper: 'front-end developers',
  projectIdentity: "the project's identity",
  itAdmin: 'IT administrators',
  dataOps: 'data operations',
  fabricDataOps: 'Fabric data operations',
  traversal: 'all teams',
}

const isLakeRole = (key: PersonaKey | undefined): key is LakeRole =>
  key !== undefined && Object.hasOwn(roleTitles, key) && key !== 'traversal'

/** Whose rights a persona has in the folders of projects: those of the one that it starts from; undefined when it has none. */
export const lakeRoleOf = ({ rightsOf }: Pick<Persona, 'rightsOf'>): LakeRole | undefined =>
  isLakeRole(rightsOf) ? rightsOf : undefined

/** What a persona is called in plans and reports. */
export const lakeTitleOf = ({ key, title }: Pick<Persona, 'key' | 'title'>): string =>
  isLakeRole(key) ? roleTitles[key] : title
