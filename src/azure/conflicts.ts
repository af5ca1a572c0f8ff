import type { CodedMessage } from './explanations/explanation.ts'
import { readFailure } from './failure.ts'

/** A change that Azure had accepted, and gave up for another one. https://github.com/microsoft/AzureTRE/issues/3177 */
export const cancelled = ['Canceled', 'CanceledAndSupersededDueToAnotherOperation']

/**
 * Codes of conflicts that pass by themselves: https://github.com/Azure/terraform-provider-azapi/issues/503 and, for the
 * retryable ones and what is inside them, https://github.com/kubernetes-sigs/cluster-api-provider-azure/issues/4385 and
 * https://github.com/hashicorp/terraform-provider-azurerm/issues/30197
 */
const passing = [
  'AnotherOperationInProgress',
  'RetryableError',
  'RetryableErrorDueToAnotherOperation',
  'ReferencedResourceNotProvisioned',
  // Somebody changed it between reading and writing.
  'PreconditionFailed',
  ...cancelled,
]

/** https://learn.microsoft.com/azure/ai-foundry/agents/concepts/capability-hosts */
const busyHosts = ['Conflict', 'BadRequest'].map((code) => ({
  code,
  says: /Capability Host .* currently in non creating/i,
}))

/** Those that only deployments meet, since they do several things at once. */
const passingInDeployments: readonly { readonly code: string; readonly says?: RegExp }[] = [
  // https://github.com/hashicorp/terraform-provider-azurerm/issues/31712
  { code: 'AccountProvisioningStateInvalid' },
  // https://github.com/Azure/bicep/issues/11211
  { code: 'RequestConflict', says: /another operation/i },
  ...busyHosts,
]

/** What a conflict is called that passes by itself; undefined for any other error. */
export function passingConflict(error: unknown): string | undefined {
  const { code, message, details } = readFailure(error)
  const passes = [code, ...details.map((detail) => detail.code)].some((one) => passing.includes(one))
  const isBusyHost = busyHosts.some((one) => one.code === code && one.says.test(message))
  return passes || isBusyHost ? `another operation is in progress (${code})` : undefined
}

const passesInDeployment = ({ code, message }: CodedMessage): boolean =>
  passing.includes(code) ||
  passingInDeployments.some((one) => one.code === code && (one.says === undefined || one.says.test(message)))

/**
 * What a deployment failed on that passes by itself; undefined when it failed on anything else too: deploying again would
 * then fail again.
 */
export function passingFailure(error: unknown): string | undefined {
  const { details } = readFailure(error)
  if (details.length === 0 || !details.every(passesInDeployment)) return undefined
  return `${[...new Set(details.map(({ code }) => code))].join(', ')}, which passes by itself`
}
