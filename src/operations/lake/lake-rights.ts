import { control, type Right } from '../../azure/granted-rights.ts'

const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs'

/** What creating folders and setting the lists of any of them takes. https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control-model#role-based-access-control-azure-rbac */
export const lakeRights = (lake: string): readonly Right[] =>
  ['read', 'write', 'modifyPermissions/action', 'runAsSuperUser/action'].map((right) => ({
    plane: 'data',
    action: `${blobs}/${right}`,
    scope: lake,
  }))

/** What creating the folders of the whole lake takes: its account is looked at first. */
export const commonFolderRights = (lake: string): readonly Right[] => [
  ...control(lake, 'Microsoft.Storage/storageAccounts/read'),
  ...lakeRights(lake),
]
