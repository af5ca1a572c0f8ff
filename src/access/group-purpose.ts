import { type Environment, environmentCodes, environments } from '../vocabulary.ts'

/** What a group of a factory is for, as its name says it. */
export interface GroupPurpose {
  readonly environment: Environment
  /** E.g. `project 001` or `the core team`. */
  readonly of: string
  /** E.g. `team lead`. */
  readonly role: string
}

const form = /^(?:prj(\d{3})|(coreteam)|lake)_([a-z]+)_(\w+)$/i

/**
 * Reads the name of a group; undefined when it is none of the factory's.
 * @param prefix what the names of all its groups begin with
 */
export function groupPurpose(mailNickname: string, prefix: string): GroupPurpose | undefined {
  if (prefix === '' || !mailNickname.toLowerCase().startsWith(prefix.toLowerCase())) return undefined
  const [, project, coreTeam, code = '', slug = ''] = form.exec(mailNickname.slice(prefix.length)) ?? []
  const environment = environments.find((key) => environmentCodes[key] === code.toLowerCase())
  if (environment === undefined) return undefined
  const of =
    project === undefined
      ? coreTeam === undefined
        ? 'the data lake'
        : 'the core team'
      : `project ${project}`
  return { environment, of, role: slug.replaceAll('_', ' ') }
}
