export { createDeployments } from './create-deployments.ts'
export type { DeploymentsDependencies } from './dependencies.ts'
export { type DeploymentsState, emptyDeploymentsState } from './state.ts'
