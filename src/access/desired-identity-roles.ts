import { keysOf } from '../by-key.ts'
import type { ProjectGrant } from '../catalog/contents.ts'
import { catalogue, type ResourceKey } from '../catalog/index.ts'
import type { ResourceIds } from '../catalog/resource-ids.ts'
import { lastSegment } from '../resource-id.ts'
import {
  type AccessSource,
  assignmentsOf,
  customRoleNames,
  lackedAssignments,
  managedScopesOf,
} from './access-source.ts'
import type { DesiredAccess } from './model.ts'

const isIdentity = ({ to }: ProjectGrant): boolean => 'identity' in to

/** Which role each managed identity of a project should have. People and their groups are {@link desiredAccess}. */
export const desiredIdentityRoles = (source: AccessSource): DesiredAccess => ({
  groups: [],
  assignments: assignmentsOf(source, isIdentity),
  kept: lackedAssignments(source, isIdentity),
  managedScopes: managedScopesOf(source),
  customRoles: customRoleNames(source),
  extent: 'identities',
  groupNames: [],
  identityNames: identityNames(source.ids),
})

/** What the identities are called that the project can have, whether it has them now or not. */
const identityNames = (ids: ResourceIds): ReadonlyMap<ResourceKey, string> =>
  new Map(
    keysOf(catalogue.resources)
      .filter((key) => catalogue.resources[key].identity !== undefined)
      .map((key) => [key, lastSegment(ids[key])]),
  )
