import { type CommonFoldersOptions, createCommonFolders } from '../lake/create-common-folders.ts'
import { type SetLakeAccessOptions, setLakeAccess } from '../lake/set-lake-access.ts'
import type { Operation } from '../operation.ts'

/** What the action datalake-acl is asked to do: about the folders of a project, or about those of the whole lake. */
export type LakeOptions =
  | ({ readonly target: 'project' } & SetLakeAccessOptions)
  | ({ readonly target: 'common' } & CommonFoldersOptions)

/** The operation of a target. Folders of the whole lake are only ever added, so that older documents do no harm. */
export const manageLake: Operation<LakeOptions> = (options, context) =>
  options.target === 'common' ? createCommonFolders(options, context) : setLakeAccess(options, context)
