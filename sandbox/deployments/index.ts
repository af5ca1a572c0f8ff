export { createDeployments, createTemplateDeployer } from './create-deployments.ts'
export { type DeploymentsState, emptyDeploymentsState } from './state.ts'
