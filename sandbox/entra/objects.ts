import type { Application, Group, ServicePrincipal, User } from './model.ts'

/** Anything in the directory that a group can hold. */
export type DirectoryObject =
  | { readonly kind: 'User'; readonly value: User }
  | { readonly kind: 'Group'; readonly value: Group }
  | { readonly kind: 'ServicePrincipal'; readonly value: ServicePrincipal }

/** The same and applications, which are no principals. */
export type OwnedObject = DirectoryObject | { readonly kind: 'Application'; readonly value: Application }

/** Which of a group's two lists. */
export type Relationship = 'members' | 'owners'
