/** One step of a delivery, and what it does in the words of somebody who watches. */
export interface ChainStep {
  readonly action: string
  readonly mode: string
  readonly does: string
}

/** What a person does once for a factory, before everything else. */
export const setupStep: ChainStep = {
  action: 'setup',
  mode: 'apply',
  does: 'create identities, give them rights',
}

/** What happens to the common area of each environment, in this order, before a project can be there. */
export const commonSteps: readonly ChainStep[] = [
  { action: 'provision-project', mode: 'apply', does: 'deploy the common area' },
  { action: 'add-member', mode: 'core', does: 'create the groups of the core team' },
  { action: 'datalake-acl', mode: 'apply', does: 'create the folders of the data lake' },
]

/** What happens to a project in each environment, in this order. */
export const deliverySteps: readonly ChainStep[] = [
  { action: 'provision-project', mode: 'check', does: 'check all that would stop it' },
  { action: 'ip-calc', mode: 'reserve', does: 'allocate and create subnets' },
  { action: 'provision-project', mode: 'apply', does: 'deploy the private resources' },
  { action: 'add-member', mode: 'apply', does: 'create groups and assign roles' },
  { action: 'datalake-acl', mode: 'apply', does: 'create folders in the data lake' },
  { action: 'ip-calc', mode: 'release-unneeded', does: 'release subnets nobody needs' },
]

/** What comes before all environments. */
export const requestStep: ChainStep = {
  action: 'project-request',
  mode: 'apply',
  does: 'turn the issue into a manifest',
}
