/** What a step begins to make, and the clean-up therefore has to remove. */
export type Begun = 'common' | 'project'

/** One step, run on Azure and on the sandbox in the same way. */
export interface LiveStep {
  /** In the words of somebody who watches. */
  readonly does: string
  /** `set-up`, or the name of an action. */
  readonly action: string
  readonly with: Readonly<Record<string, string>>
  readonly begins?: Begun
  /** Only where the machine reaches the private endpoints of the data lake. */
  readonly needsLake?: true
  /** It only looks, and what it finds stops nothing: a person has other rights than the identity that delivers. */
  readonly looksOnly?: true
  /** It is tried again when what keeps it is gone. */
  readonly again?: boolean
}

/** A step that has run, as far as its end is known. */
interface Ended {
  readonly step: LiveStep
  readonly succeeded: boolean
}

/** How a step ended, in the words of the log and the report. */
export function endOf({ step, succeeded }: Ended): string {
  if (succeeded) return 'succeeded'
  if (step.looksOnly)
    return 'found faults, which stop nothing: a person has other rights than the identity that delivers'
  return step.again ? 'did not remove everything yet' : 'failed'
}

/** The number of the project that is delivered and destroyed. */
export const liveProject = '001'

const common = { target: 'common' }
const project = { project: liveProject }

/** From set-up to a project that is there, and delivered again. */
export const liveSteps: readonly LiveStep[] = [
  { does: 'compare the set-up', action: 'set-up', with: { mode: 'check' } },
  { does: 'plan the common area', action: 'provision-project', with: { mode: 'plan', ...common } },
  {
    ...{ does: 'create the common area', action: 'provision-project', with: { mode: 'apply', ...common } },
    begins: 'common',
  },
  {
    ...{ does: 'deliver the common area again', action: 'provision-project' },
    with: { mode: 'apply', ...common },
  },
  {
    ...{ does: 'create the folders of the lake', action: 'datalake-acl', with: { mode: 'apply', ...common } },
    needsLake: true,
  },
  {
    ...{ does: 'allocate and create subnets', action: 'ip-calc', with: { mode: 'reserve', ...project } },
    begins: 'project',
  },
  {
    ...{ does: 'check the project', action: 'provision-project', with: { mode: 'check', ...project } },
    looksOnly: true,
  },
  { does: 'plan the project', action: 'provision-project', with: { mode: 'plan', ...project } },
  { does: 'create the project', action: 'provision-project', with: { mode: 'apply', ...project } },
  { does: 'create groups and assign roles', action: 'add-member', with: { mode: 'apply', ...project } },
  {
    ...{ does: 'create folders in the lake', action: 'datalake-acl', with: { mode: 'apply', ...project } },
    needsLake: true,
  },
  { does: 'deliver the project again', action: 'provision-project', with: { mode: 'apply', ...project } },
  { does: 'plan groups and roles again', action: 'add-member', with: { mode: 'plan', ...project } },
]

const everything = { mode: 'destroy', allow: 'deletion, purge' }

/** What removes what was begun: the last first. */
export const cleanUpSteps = (begun: ReadonlySet<Begun>, environment: string): readonly LiveStep[] => [
  ...(begun.has('project')
    ? [
        {
          ...{ does: 'destroy the project', action: 'provision-project' },
          with: { ...everything, ...project, confirm: liveProject },
          again: true,
        },
      ]
    : []),
  ...(begun.has('common')
    ? [
        {
          ...{ does: 'destroy the common area', action: 'provision-project' },
          with: { ...everything, ...common, confirm: `common-${environment}` },
          again: true,
        },
      ]
    : []),
]

/** Did it stop the run? */
export const hasFailed = ({ step, succeeded }: Ended): boolean => !succeeded && step.looksOnly === undefined
