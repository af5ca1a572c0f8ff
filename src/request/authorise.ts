import { createHash } from 'node:crypto'
import { withoutCarriageReturns } from './headings.ts'

/**
 * What somebody may do in a repository, from least to most.
 * https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user
 */
export const permissions = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const
/** One of them. */
export type Permission = (typeof permissions)[number]

/** GitHub's answer about one person. `role_name` is finer than `permission`, and may be a role of the organisation's own. */
export interface CollaboratorPermission {
  readonly permission: string
  readonly role_name?: string
}

/** May this person request a project, and if not, why not? */
export type Authorisation =
  | { readonly allowed: true; readonly permission: Permission }
  | { readonly allowed: false; readonly permission: Permission; readonly minimum: Permission }

const isPermission = (word: string): word is Permission => permissions.some((known) => known === word)

/** The permission in GitHub's answer. What is not known counts as none. */
export function permissionOf({ permission, role_name: role }: CollaboratorPermission): Permission {
  if (role !== undefined && isPermission(role)) return role
  return isPermission(permission) ? permission : 'none'
}

/** Compares what somebody may do in the repository with what is needed to request a project. */
export function authorise(permission: Permission, policy: { readonly minimum: Permission }): Authorisation {
  const { minimum } = policy
  const allowed = permissions.indexOf(permission) >= permissions.indexOf(minimum)
  return allowed ? { allowed, permission } : { allowed, permission, minimum }
}

/**
 * A fingerprint of a request, so that an approval refers to exactly this text: SHA-256 in lower-case hexadecimal.
 * Line endings, and blank space at both ends, do not count: the same text arrives with and without them.
 */
export const hashRequest = (body: string): string =>
  createHash('sha256').update(withoutCarriageReturns(body).trim(), 'utf8').digest('hex')
