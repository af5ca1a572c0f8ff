import type { CoreTeamKey, PersonaKey, ProjectType } from '../vocabulary.ts'

/** A role of people in a project. Who may do what follows from the grants of the catalogue. */
export interface Persona {
  readonly title: string
  /** What somebody in this role does, as the description of the group. */
  readonly description: string
  /** The project types that have the role from the start; others have it as soon as somebody is in it. */
  readonly projectTypes: readonly ProjectType[]
}

/** The roles in a project. */
export const personas: Readonly<Record<PersonaKey, Persona>> = {
  lead: {
    title: 'Team lead',
    description: 'Leads the project, decides on its models and deployments, and answers for its data.',
    projectTypes: ['esml', 'genai-1', 'all'],
  },
  dataScientist: {
    title: 'Data scientist',
    description: 'Trains, evaluates and registers models.',
    projectTypes: ['esml', 'all'],
  },
  aiEngineer: {
    title: 'AI engineer',
    description: 'Builds applications and agents on AI Foundry and AI Search.',
    projectTypes: ['genai-1', 'all'],
  },
  dataEngineer: {
    title: 'Data engineer',
    description: "Brings data into the project's folder of the data lake and prepares it.",
    projectTypes: ['esml', 'genai-1', 'all'],
  },
  frontendDeveloper: {
    title: 'Front-end developer',
    description: 'Builds the user interface, and reads what the models and indexes answer.',
    projectTypes: ['esml', 'genai-1', 'all'],
  },
}

/** The roles in the core team, which serves all projects of the factory. */
export const coreTeam: Readonly<Record<CoreTeamKey, Omit<Persona, 'projectTypes'>>> = {
  itAdmin: {
    title: 'IT administrator',
    description: 'Runs the common area: networks, policies and shared services.',
  },
  dataOps: {
    title: 'Data operations',
    description: 'Runs the data lake and what is loaded into its shared folders.',
  },
}
