export { createDeployments } from './create-deployments.ts'
export { type DeploymentsState, emptyDeploymentsState } from './state.ts'
