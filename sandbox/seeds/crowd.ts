import type { SandboxSnapshot } from '../state.ts'

/** Somebody of a crowd. */
export interface CrowdMember {
  readonly id: string
  readonly displayName: string
  readonly userPrincipalName: string
}

/** So many people, of whom one is told from another by the number. */
export const crowdOf = (count: number): readonly CrowdMember[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `55555555-5555-4555-8555-${String(index + 1).padStart(12, '0')}`,
    displayName: `Person ${index + 1}`,
    userPrincipalName: `person${index + 1}@contoso.example`,
  }))

/** A tenant in which they are as well. */
export const withCrowd = (snapshot: SandboxSnapshot, crowd: readonly CrowdMember[]): SandboxSnapshot => ({
  ...snapshot,
  directory: { ...snapshot.directory, users: [...snapshot.directory.users, ...crowd] },
})
