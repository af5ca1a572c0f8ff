import { enumeration } from '../diagnostics/enumeration.ts'
import { printable } from '../diagnostics/escape.ts'
import type { Environment } from '../vocabulary.ts'
import type { AuditFinding } from './audit-finding.ts'

/** A group of the factory that no document asks for, with who is in it. */
export interface UnaskedGroup {
  readonly objectId: string
  readonly displayName: string
  /** E.g. `project 001` or `the core team`. */
  readonly of: string
  /** As people know them. */
  readonly members: readonly string[]
}

const mostNamed = 10

/** Of a project whose manifest is gone, or of a persona that the factory no longer has: whoever is in it may have all it had. */
export function unaskedGroup({ objectId, displayName, of, members }: UnaskedGroup): readonly AuditFinding[] {
  if (members.length === 0) return []
  const names = enumeration(
    members.map((one) => printable(one)),
    mostNamed,
  )
  return [
    {
      kind: 'unasked-group',
      of,
      who: displayName,
      whoId: objectId,
      where: displayName,
      what: `${names} ${members.length === 1 ? 'is' : 'are'} in ${displayName}, and no document asks for this group of ${of}.`,
      fix: 'Name it in the documents again and deliver; or take them out, and delete the group. Destroying a project deletes its groups.',
    },
  ]
}

/** A project that is in an environment where no manifest asks for it: nobody knows who should be in it. */
export const unaskedProject = (number: string, name: string, environment: Environment): AuditFinding => ({
  kind: 'not-audited',
  of: `project ${number}`,
  who: '',
  where: environment,
  what: `${name} is in ${environment}, and no manifest asks for it there: who has roles in it was not looked at.`,
  fix: 'Destroy it there, or let its manifest name the environment again.',
})

/** One of the factory's own roles that somebody has widened by hand: all who hold it may do what it says now. */
export const widenedRole = (
  { id, name }: { readonly id: string; readonly name: string },
  beyond: string,
): AuditFinding => ({
  kind: 'beyond-manifest',
  of: 'the factory',
  who: name,
  whoId: id,
  where: name,
  what: `The role '${name}' lets do ${beyond}, which is not what AI Factory Actions define it for.`,
  fix: "Run 'npm run setup -- aifactory/factory.yml' as an administrator of the factory, which defines it again.",
})
