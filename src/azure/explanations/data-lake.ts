import type { Explained } from './explanation.ts'

const aclModel = 'https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control-model'

/** The data lake. https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path/update */
export const dataLakeExplanations: readonly Explained[] = [
  {
    codes: ['AuthorizationPermissionMismatch'],
    why: 'The identity that is signed in may not change ACLs in the data lake, or the role was assigned a few minutes ago.',
    fix: "Assign it the role 'Storage Blob Data Owner' on the storage account or the container, and wait some minutes.",
    more: aclModel,
  },
  {
    codes: ['AuthorizationFailure'],
    why: "The storage account's firewall refuses this runner.",
    fix: 'Run the job on a runner that is connected to the VNet.',
    more: 'https://learn.microsoft.com/azure/storage/common/storage-network-security',
  },
  {
    codes: ['ConditionNotMet'],
    why: 'Somebody changed it after this run had read it. Nothing was overwritten.',
    fix: 'Run the job again: it reads again.',
  },
  {
    codes: ['FilesystemNotFound', 'ContainerNotFound'],
    why: 'The container does not exist in the data lake.',
    fix: "Check 'lake.container' in factory.yml, and deploy the common area first.",
  },
  {
    codes: ['FilesystemBeingDeleted', 'ContainerBeingDeleted'],
    why: 'Somebody has just deleted the container. Azure takes at least 30 seconds before one of the same name can be created.',
    fix: 'Run the job again in a minute. If nobody meant to delete the container, restore it first (portal: the storage account > Containers > Show deleted containers).',
    more: 'https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/filesystem/delete',
  },
  {
    codes: ['HierarchicalNamespaceNotEnabled'],
    why: 'The storage account has no hierarchical namespace: it is no data lake, and has no ACLs.',
    fix: 'Check the storage account of the lake in factory.yml. An account gets a hierarchical namespace when it is created (isHnsEnabled), or by an upgrade that cannot be undone.',
    more: 'https://learn.microsoft.com/azure/storage/blobs/upgrade-to-data-lake-storage-gen2-how-to',
  },
  {
    codes: ['EndpointUnsupportedAccountFeatures'],
    why: 'The storage account has no hierarchical namespace and features that its data lake endpoint does not work with: it is no data lake.',
    fix: 'Check the storage account of the lake in factory.yml: it has to have a hierarchical namespace (isHnsEnabled).',
    more: 'https://learn.microsoft.com/azure/storage/blobs/upgrade-to-data-lake-storage-gen2-how-to',
  },
]
