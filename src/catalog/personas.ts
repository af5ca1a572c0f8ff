import { keysOf } from '../by-key.ts'
import { type ProjectType, projectTypes } from '../vocabulary.ts'

/** What every persona has, whoever it is. */
interface PersonaBase {
  readonly title: string
  /** What somebody in this role does, as the description of the group. */
  readonly description: string
  /** What the known accelerator calls it, one or several: it has a set for each type of project. */
  readonly codes: readonly string[]
}

/** A role that people hold. Who may do what follows from the grants of the catalogue. */
interface PersonaOfPeople extends PersonaBase {
  /** `project`: in one project; `coreTeam`: for the whole factory. */
  readonly kind: 'project' | 'coreTeam'
  /** How it is written in the names of its groups. */
  readonly group: string
  /** The project types with which it has its group from the start; with others, as soon as somebody is in it. */
  readonly projectTypes: readonly ProjectType[]
}

/** A role that no person holds: a pipeline or an application, signed in as an identity. */
interface Process extends PersonaBase {
  readonly kind: 'process'
  /** A managed identity of each project, or one of the identities of an environment that set-up creates. */
  readonly identity: 'projectIdentity' | 'appsIdentity' | 'deliver' | 'plan' | 'people'
}

/** An entry of the table. */
export type ProductPersona = PersonaOfPeople | Process

/**
 * The personas of this release. factory.yml changes them and adds others (`personas`). The goals for the number of role
 * assignments hold for those that a type has from the start; any other costs one more as soon as somebody is in it.
 */
export const productPersonas = {
  lead: {
    kind: 'project',
    title: 'Team lead',
    description: 'Leads the project, decides on its models and deployments, and answers for its data.',
    group: 'team_lead',
    codes: ['p001', 'p011'],
    projectTypes,
  },
  dataScientist: {
    kind: 'project',
    title: 'Data scientist',
    description: 'Trains, evaluates and registers models.',
    group: 'data_scientist',
    codes: ['p002'],
    projectTypes: ['esml', 'all'],
  },
  aiEngineer: {
    kind: 'project',
    title: 'AI engineer',
    description: 'Builds applications and agents on AI Foundry and AI Search.',
    group: 'ai_engineer',
    codes: ['p012'],
    projectTypes: ['genai-1', 'all'],
  },
  agentDeveloper: {
    kind: 'project',
    title: 'Agent developer',
    description: 'Writes and evaluates agents on what AI Foundry and AI Search have, and sets up neither.',
    group: 'agent_developer',
    codes: ['p013'],
    projectTypes: [],
  },
  dataEngineer: {
    kind: 'project',
    title: 'Data engineer',
    description: "Brings data into the project's folder of the data lake and prepares it.",
    group: 'data_engineer',
    codes: ['p014'],
    projectTypes,
  },
  frontendDeveloper: {
    kind: 'project',
    title: 'Front-end developer',
    description: 'Builds the user interface, and reads what the models and indexes answer.',
    group: 'frontend_developer',
    codes: ['p003', 'p015'],
    projectTypes,
  },
  itAdmin: {
    kind: 'coreTeam',
    title: 'IT administrator',
    description: 'Runs the common area: networks, policies and shared services.',
    group: 'it_admin',
    codes: ['p080'],
    projectTypes,
  },
  dataOps: {
    kind: 'coreTeam',
    title: 'Data operations',
    description: 'Runs the data lake and what is loaded into its shared folders.',
    group: 'data_ops',
    codes: ['p081'],
    projectTypes,
  },
  fabricDataOps: {
    kind: 'coreTeam',
    title: 'Fabric data operations',
    description: 'Runs what Microsoft Fabric reads from the data lake and writes into it.',
    group: 'fabric_data_ops',
    codes: ['p082'],
    projectTypes: [],
  },
  projectPipeline: {
    kind: 'process',
    title: "The project's pipelines and jobs",
    description: 'Builds, trains and deploys what the team has written, in every environment.',
    codes: ['p101', 'p102'],
    identity: 'projectIdentity',
  },
  application: {
    kind: 'process',
    title: "The project's running applications",
    description: 'Calls models and reads indexes, data and secrets for those who use the application.',
    codes: [],
    identity: 'appsIdentity',
  },
  delivery: {
    kind: 'process',
    title: 'Delivery',
    description: 'Delivers projects and the common area of one environment.',
    codes: ['p103'],
    identity: 'deliver',
  },
  operations: {
    kind: 'process',
    title: 'Operations',
    description: 'Changes memberships in one environment at once, for those who leave.',
    codes: ['p104'],
    identity: 'people',
  },
  planning: {
    kind: 'process',
    title: 'Planning',
    description: 'Plans and checks for pull requests, and changes nothing.',
    codes: [],
    identity: 'plan',
  },
} as const satisfies Record<string, ProductPersona>

type Table = typeof productPersonas
type KeyOfKind<Kind extends ProductPersona['kind']> = {
  [Key in keyof Table]: Table[Key]['kind'] extends Kind ? Key : never
}[keyof Table]

/** A persona of this release that people hold in a project. */
export type ProjectPersonaKey = KeyOfKind<'project'>
/** A persona of this release that people hold in the core team. */
export type CorePersonaKey = KeyOfKind<'coreTeam'>

/** The keys of the table of one kind, in its order. */
export const productKeys = <Kind extends ProductPersona['kind']>(kind: Kind): readonly KeyOfKind<Kind>[] => {
  const isOfKind = (key: keyof Table): key is KeyOfKind<Kind> => productPersonas[key].kind === kind
  return keysOf(productPersonas).filter(isOfKind)
}
