import type { Explained } from './explanation.ts'

const vaults = 'https://learn.microsoft.com/azure/key-vault/general/key-vault-recovery'
const accounts = 'https://learn.microsoft.com/azure/ai-services/recover-purge-resources'
const hosts = 'https://learn.microsoft.com/azure/ai-foundry/agents/concepts/capability-hosts'

const takenName = "or change 'salt' in factory.yml before the first deployment"
const recovery = "What was this project's, in its group and region, comes back by itself"

/** What single services have against it. */
export const serviceExplanations: readonly Explained[] = [
  {
    codes: ['StorageAccountAlreadyTaken'],
    why: 'Another storage account has this name. Names are unique across all of Azure.',
    fix: "Change 'salt' in factory.yml before the first deployment.",
    more: 'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-storage-account-name',
  },
  {
    codes: ['ConflictError'],
    says: /deleted state/i,
    why: 'A deleted key vault still has the name: Azure keeps it for 7 to 90 days.',
    fix: `${recovery}; this one is not in the subscription's list of deleted vaults. Ask for it in the other subscriptions (az keyvault list-deleted), ${takenName}.`,
    more: vaults,
  },
  {
    codes: ['VaultAlreadyExists'],
    why: 'A key vault with this name exists in another group, subscription or tenant; or a deleted one that still has it.',
    fix: `Recover or purge the deleted vault where it was, ${takenName}.`,
    more: vaults,
  },
  {
    codes: ['BadRequest'],
    says: /has been set already and it can't be modified/i,
    why: 'A key vault keeps for good what it was created with: how long it keeps deleted things, and purge protection. This one was not created by this release.',
    fix: `If nobody needs it, delete and purge it (az keyvault purge --name NAME), then run the job again; ${takenName}.`,
    more: vaults,
  },
  {
    codes: ['SoftDeletedVaultDoesNotExist', 'DeletedVaultNotFound', 'CanNotRestoreANonExistingResource'],
    why: 'What was to be recovered is no longer kept: somebody recovered or purged it in the meantime, or its time was over.',
    fix: 'Run the job again: it plans again.',
  },
  {
    codes: ['FlagMustBeSetForRestore'],
    why: 'A deleted account still has the name: Azure keeps it for 48 hours.',
    fix: `${recovery}; this one is not in the subscription's list of deleted accounts. Ask for it in the other subscriptions (az cognitiveservices account list-deleted), ${takenName}.`,
    more: accounts,
  },
  {
    codes: ['CustomDomainInUse'],
    why: 'Another account has the address, or a deleted one still has it: Azure keeps it for 48 hours.',
    fix: `Recover or purge the deleted account (az cognitiveservices account list-deleted), ${takenName}.`,
    more: accounts,
  },
  {
    codes: ['BadRequest', 'ValidationError', 'Conflict'],
    says: /soft-?deleted workspace exists/i,
    why: 'A deleted Machine Learning workspace still has the name: Azure keeps it for 14 days.',
    fix: "Recover it in the portal (Azure Machine Learning > Recently deleted) and run the job again; or, when its data may be lost, let provision-project delete it for good with the input 'allow: purge'.",
    more: 'https://learn.microsoft.com/azure/machine-learning/concept-soft-delete',
  },
  {
    codes: ['AccountProvisioningStateInvalid'],
    why: 'The account is still being created or changed. Some parts of Azure say that it is ready before others do.',
    fix: 'Run the job again in some minutes: it does only what is missing. If the account stays like this for an hour, open a support case with the correlation id.',
    more: 'https://github.com/hashicorp/terraform-provider-azurerm/issues/31712',
  },
  {
    codes: ['RequestConflict'],
    says: /parent resource|another operation/i,
    why: 'Somebody else is changing the same account, and took longer than this run waits.',
    fix: 'Run the job again.',
  },
  {
    codes: ['Conflict', 'BadRequest', 'InvalidRequest'],
    says: /existing Capability Host with name/i,
    why: 'The account or project has a capability host of another name already: it can have only one, whoever created it (a portal, an extension of an editor).',
    fix: "Delete the one that the message names, then run the job again. The project's agents and their threads go with it.",
    more: hosts,
  },
  {
    codes: ['Conflict', 'BadRequest'],
    says: /Capability Host .*(?:non creating|retry after)/i,
    why: 'Azure is still creating or deleting a capability host of this account, and took longer than this run waits.',
    fix: 'Run the job again in some minutes.',
    more: hosts,
  },
  {
    codes: ['BadRequest', 'InvalidRequest', 'UserError', 'ValidationError'],
    says: /Capability Host/i,
    why: 'A capability host cannot be changed, takes all three connections or none, and a project has one only where its account has one.',
    fix: 'To give it other connections, delete the capability host and run the job again; the agents and their threads go with it. If it could not be created at all, the message says what is missing.',
    more: hosts,
  },
  {
    codes: ['InsufficientQuota'],
    why: 'The subscription has less quota left for this model, deployment type and region than the manifest asks for.',
    fix: 'Set a smaller capacity in the manifest, delete deployments that nobody uses, or request more quota (Foundry > Management > Quota).',
    more: 'https://learn.microsoft.com/azure/ai-foundry/how-to/quota',
  },
  {
    codes: ['QuotaExceeded', 'ResourceQuotaExceeded', 'OperationNotAllowed'],
    says: /quota|limit|exceed/i,
    why: 'A quota of the subscription is used up.',
    fix: 'Request more quota (portal: Quotas), or choose a smaller size in the manifest.',
    more: 'https://learn.microsoft.com/azure/quotas/quotas-overview',
  },
  {
    codes: ['ServiceModelDeprecated', 'DeploymentModelNotSupported', 'InvalidResourceProperties'],
    says: /model/i,
    why: 'The region does not offer this model, version or deployment type, or no longer.',
    fix: "Choose another model, version or deployment type in the manifest, as Azure's table of models by region has them.",
    more: 'https://learn.microsoft.com/azure/ai-foundry/openai/concepts/models',
  },
]
