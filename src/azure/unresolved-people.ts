import { z } from 'zod'
import { allNear } from '../diagnostics/nearest.ts'
import { type DirectoryObject, directoryObject, objectSchema, quoted } from './directory-objects.ts'
import { guidPattern, search } from './directory-people.ts'
import { readFailure } from './failure.ts'
import type { Graph } from './graph.ts'

/** Why somebody could not be resolved, and whom a person may have meant. */
export interface Unresolved {
  /** `several`: more than one has the address. `deleted`: the account can be restored for 30 days. */
  readonly reason: 'several' | 'deleted' | 'unknown'
  readonly candidates: readonly DirectoryObject[]
}

const personSchema = objectSchema.extend({ mail: z.string().nullish() })
const peopleSchema = z.object({ value: z.array(personSchema) })
type Person = z.infer<typeof personSchema>

/** As many letters have to be right. */
const prefixLength = 3
const mostListed = 100
const mostCandidates = 3

/**
 * Why these could not be resolved. Asked only when a run ends because of them: with three requests for each of them, and
 * what the directory refuses to say is left out.
 */
export async function explainUnresolved(
  graph: Pick<Graph, 'getMany'>,
  members: readonly string[],
): Promise<ReadonlyMap<string, Unresolved>> {
  const found = await search(graph, members)
  const missing = members.filter((member) => !found.has(member))
  const [deleted, similar] = await Promise.all([
    orNothing(graph, missing.map(deletedPath)),
    orNothing(graph, missing.map(similarPath)),
  ])
  return new Map(
    members.flatMap((member): readonly (readonly [string, Unresolved])[] => {
      const one = found.get(member)
      if (one !== undefined) {
        return 'several' in one
          ? [[member, { reason: 'several', candidates: one.several.map(directoryObject) }]]
          : []
      }
      const index = missing.indexOf(member)
      const gone = peopleIn(deleted[index])
      if (gone.length > 0) return [[member, { reason: 'deleted', candidates: gone.map(directoryObject) }]]
      const candidates = nearestTo(member, peopleIn(similar[index]))
      return [[member, { reason: 'unknown', candidates: candidates.map(directoryObject) }]]
    }),
  )
}

const peopleIn = (answer: unknown): readonly Person[] => peopleSchema.optional().parse(answer)?.value ?? []

/** Those whose name before the @ is nearly the same, whatever the domain. */
function nearestTo(member: string, people: readonly Person[]): readonly Person[] {
  const names = new Map<string, Person>()
  for (const person of people) {
    for (const address of [person.userPrincipalName, person.mail]) {
      if (address) names.set(nameIn(address), person)
    }
  }
  const near = allNear(nameIn(member), [...names.keys()]).flatMap((name) => names.get(name) ?? [])
  return [...new Set(near)].slice(0, mostCandidates)
}

const nameIn = (address: string): string => address.split('@')[0] ?? address

/** Entra changes the name of who is deleted, and keeps the address. https://learn.microsoft.com/graph/api/directory-deleteditems-list */
const deletedPath = (member: string): string =>
  listPath(
    '/directory/deletedItems/microsoft.graph.user',
    `${guidPattern.test(member) ? 'id' : 'mail'} eq ${quoted(member)}`,
  )

/** People whose name begins likewise; nobody is like an object id. */
function similarPath(member: string): string | undefined {
  if (guidPattern.test(member)) return undefined
  const beginning = quoted(member.slice(0, Math.min(prefixLength, member.indexOf('@'))))
  return listPath('/users', `startswith(userPrincipalName,${beginning}) or startswith(mail,${beginning})`)
}

const listPath = (list: string, filter: string): string =>
  `${list}?$filter=${encodeURIComponent(filter)}&$select=id,displayName,userPrincipalName,mail&$top=${mostListed}`

/** Without an answer the error is shorter, and no other: a refusal does not matter. */
async function orNothing(
  { getMany }: Pick<Graph, 'getMany'>,
  paths: readonly (string | undefined)[],
): Promise<readonly unknown[]> {
  const asked = paths.filter((path) => path !== undefined)
  try {
    const answers = await getMany(asked)
    return paths.map((path) => (path === undefined ? undefined : answers[asked.indexOf(path)]))
  } catch (error) {
    const { status } = readFailure(error)
    if (status === 400 || status === 403) return paths.map(() => undefined)
    throw error
  }
}
