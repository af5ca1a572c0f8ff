import type { Explained } from './explanation.ts'

const deployment =
  'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors'
const stacks = 'https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks'

/** Templates, deployments, deployment stacks, and what they stand on. */
export const deploymentExplanations: readonly Explained[] = [
  {
    codes: ['DeploymentQuotaExceeded'],
    why: 'A resource group or subscription keeps at most 800 deployments in its history. Azure deletes the oldest ones by itself, unless a lock forbids that or somebody has switched it off.',
    fix: 'Delete old deployments there (az deployment group delete, az deployment sub delete), and look for a lock CanNotDelete that keeps Azure from doing so.',
    more: 'https://learn.microsoft.com/azure/azure-resource-manager/templates/deployment-history-deletions',
  },
  {
    codes: ['DeploymentStackInNonTerminalState'],
    why: 'Another run is deploying this project, and took longer than this run waits.',
    fix: 'Wait until it has finished and run the job again.',
    more: stacks,
  },
  {
    codes: ['DeploymentStackOutOfSync'],
    why: "Azure is not sure that the stack's list of what it manages is right: an earlier deployment of it was interrupted. Deploying another template could delete what is missing from its list, or keep what should go.",
    fix: "Compare what the stack manages (portal: the subscription > Deployment stacks) with what should be there. If it is right, set the input 'allow: out-of-sync' for one run.",
    more: stacks,
  },
  {
    codes: ['DeploymentStackDeleteResourcesFailed', 'DeploymentStackDeleteFailed', 'DeletionFailed'],
    why: 'What the stack no longer holds could not all be deleted: something still uses it, a lock or a right is in the way, or its type cannot be deleted. What was left stays in the stack.',
    fix: 'Remove what the message names as the reason, then run the job again: it deletes the rest. What cannot be deleted by a stack can be deleted by hand.',
    more: `${stacks}#known-limitations`,
  },
  {
    codes: ['InvalidTemplate'],
    why: 'Azure does not accept the template.',
    fix: 'The message names the location in it. If the template came from this action unchanged, please report it.',
    more: deployment,
  },
  {
    codes: ['DeploymentCanceled', 'Canceled', 'OperationPreempted'],
    why: 'Somebody cancelled the deployment, or started another one in its place.',
    fix: 'Run the job again: it deploys what is missing.',
    more: deployment,
  },
  {
    codes: ['MissingSubscriptionRegistration', 'SubscriptionNotRegistered'],
    why: 'A resource provider is not registered in the subscription, so that none of its resources can be created there.',
    fix: 'Register the resource provider that the message names, as somebody who is Contributor of the subscription: az provider register --namespace NAME --subscription ID. It takes some minutes.',
    more: 'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-register-resource-provider',
  },
  {
    codes: ['SubscriptionNotFound'],
    why: 'The subscription does not exist, or the identity has no role in it.',
    fix: 'Check subscriptionId in factory.yml, and the role assignments of the identity.',
  },
  {
    codes: ['ReadOnlyDisabledSubscription'],
    why: 'The subscription is disabled: nothing in it can be changed.',
    fix: 'Ask its owner to enable it again (Cost Management + Billing), or choose another one in factory.yml.',
    more: 'https://learn.microsoft.com/azure/cost-management-billing/manage/subscription-disabled',
  },
  {
    codes: ['ResourceGroupNotFound'],
    why: 'There is no resource group of this name in the subscription.',
    fix: 'If it is that of the common area, deploy the common area first, or check name, instance and locationCode in factory.yml. If an id in factory.yml or the manifest leads there, correct the id.',
  },
  {
    codes: ['ResourceNotFound', 'ParentResourceNotFound'],
    why: 'There is no resource of this name in the resource group.',
    fix: 'If it belongs to the common area, deploy the common area first, or check name, instance, locationCode and salt in factory.yml. If an id in factory.yml or the manifest leads there, correct the id.',
  },
  {
    codes: ['ResourceGroupBeingDeleted'],
    why: 'The resource group is being deleted, which can take an hour.',
    fix: 'Wait until it is gone, then run the job again.',
  },
  {
    codes: ['InvalidResourceLocation', 'InvalidResourceGroupLocation'],
    why: 'The resource exists in another region, and resources do not move.',
    fix: "Set 'location' in factory.yml back to the region of the first delivery; or destroy the project in this environment first.",
  },
  {
    codes: ['LocationNotAvailableForResourceType', 'SkuNotAvailable', 'NoRegisteredProviderFound'],
    why: 'The region does not offer this type or size, or not to this subscription.',
    fix: "Choose another size in the manifest, or another region: 'location' in factory.yml, before the first delivery.",
    more: 'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-sku-not-available',
  },
]
