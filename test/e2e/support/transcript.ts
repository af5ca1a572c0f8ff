import type { LogLine } from '../../../sandbox/runner/commands.ts'
import type { StepResult } from '../../../sandbox/runner/step.ts'
import type { LoggedRequest } from '../../../sandbox/server/request-log.ts'

export type { LoggedRequest }

const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi
export const questions =
  /\/(?:validate|whatIf|exportTemplate|check(?:Name|Domain)Availability)\?|\/deploymentStacksWhatIfResults\/|\/graph\/v1\.0\/\$batch$/i

/**
 * Those requests that change something. Asking whether a template is valid, or what it would change, does not, also where
 * Azure keeps the answer for a while. Of a batch it is what is in it that counts.
 */
export const writesIn = (requests: readonly LoggedRequest[]): readonly LoggedRequest[] =>
  requests
    .flatMap((request) => request.batched?.map((inside) => ({ ...request, ...inside })) ?? [request])
    .filter(({ method, path }) => !['GET', 'HEAD'].includes(method) && !questions.test(path))

interface Entry {
  readonly method: string
  /** What is asked for: a type, a collection, a call. */
  readonly kind: string
  /** Which one; empty where the name says nothing. */
  readonly name: string
  readonly status: number
}

/** Who was waiting for something to be finished; how often is a matter of time. */
const isPoll = ({ path }: LoggedRequest): boolean => /\/operation(?:Statuses|Results)\//i.test(path)

/** How many there are of what the catalogue decides, which is not what these tests are about; none stays none. */
const figures = /[1-9]\d*( (?:to add|to change|to destroy|added|changed|destroyed)\b)/g

const withoutGuid = (name: string): string => name.replaceAll(guid, '')

function place(address: URL): { kind: string; name: string } {
  const segments = address.pathname.split('/').filter((segment) => segment !== '')
  if (segments[0] === 'graph') {
    const [, uniqueName] = /\(uniqueName='([^']+)'\)/.exec(address.pathname) ?? []
    const [collection = '', , child] = segments.slice(2)
    const kind = collection.replace(/\(.*/, '')
    if (uniqueName !== undefined) return { kind, name: uniqueName }
    return { kind: child === undefined ? kind : `${kind}/${child}`, name: '' }
  }
  if (segments[0] === 'storage') {
    const call = address.searchParams.get('action') ?? address.searchParams.get('resource') ?? ''
    return { kind: `lake ${call}`, name: `/${segments.slice(3).join('/')}` }
  }
  const last = segments.slice(segments.lastIndexOf('providers') + 2)
  if (last.length % 2 === 1) return { kind: last.at(-1) ?? '', name: '' }
  return { kind: last.at(-2) ?? '', name: withoutGuid(last.at(-1) ?? '') }
}

const entryOf = ({ method, path, status }: LoggedRequest): Entry => ({
  method,
  status,
  ...place(new URL(path, 'https://localhost')),
})

const line = ({ method, kind, name, status }: Entry, count = 1): string =>
  `  ${method.padEnd(6)} ${kind}${count > 1 || name === '' ? '' : ` ${name}`} ${status}${count > 1 ? ' ×N' : ''}`

/** Questions are asked at the same time, so their order says nothing: sorted, and equal ones counted. */
function questionLines(entries: readonly Entry[]): readonly string[] {
  const groups = Map.groupBy(entries, ({ method, kind, status }) => `${kind} ${status} ${method}`)
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, same]) => (same[0] ? [line(same[0], same.length)] : []))
}

/** Roles of Azure and those inside Cosmos DB are assigned beside one another: which comes first is chance. */
const besideOneAnother = ['roleAssignments', 'sqlRoleAssignments']

/** The changes in their order, but for those whose order is chance: these are put by their kinds. */
function ordered(entries: readonly Entry[]): readonly Entry[] {
  const runs: Entry[][] = []
  const isChance = ({ kind }: Entry): boolean => besideOneAnother.includes(kind)
  for (const entry of entries) {
    const run = runs.at(-1)
    const [first] = run ?? []
    if (run && first && isChance(first) && isChance(entry) && first.method === entry.method) run.push(entry)
    else runs.push([entry])
  }
  return runs.flatMap((run) => run.toSorted((a, b) => (a.kind < b.kind ? -1 : Number(a.kind > b.kind))))
}

/** Changes follow one another; those of one kind in a row are counted. */
function changeLines(changes: readonly Entry[]): readonly string[] {
  const entries = ordered(changes)
  const lines: string[] = []
  for (let start = 0; start < entries.length; ) {
    const first = entries[start]
    if (first === undefined) break
    const rest = entries.slice(start)
    const other = rest.findIndex(
      ({ method, kind, status }) => method !== first.method || kind !== first.kind || status !== first.status,
    )
    const count = other < 0 ? rest.length : other
    lines.push(line(first, count))
    start += count
  }
  return lines
}

/** What the user sees of a line; undefined for what only a debugging log shows. */
function seen(line: LogLine): string | undefined {
  switch (line.kind) {
    case 'debug':
    case 'endgroup':
      return undefined
    case 'mask':
      return '::add-mask::***'
    case 'text':
      return line.text
    case 'group':
      return `::group::${line.text}`
    default: {
      const where = Object.entries(line.properties).map(([name, value]) => `${name}=${value}`)
      return `::${[line.kind, where.join(',')].filter(Boolean).join(' ')}::${line.text}`
    }
  }
}

const isMask = (text: string): boolean => text.startsWith('::add-mask')

/**
 * Leaves out what was said before: a mask, or the same line with other figures, as progress is. A mask comes first: when
 * a token comes is chance.
 */
function withoutRepeats(lines: readonly string[]): readonly string[] {
  const shape = (text: string | undefined): string | undefined => text?.replaceAll(/\d+/g, '0')
  const others = lines.filter((text) => !isMask(text))
  return [
    ...lines.filter(isMask).slice(0, 1),
    ...others.filter((text, index) => shape(text) !== shape(others[index - 1])),
  ]
}

/** A step of a plan as it is logged, e.g. `3/12 Create group x`, and what kind of step it is. */
const step = /^\d+\/\d+ (?<kind>[A-Z]\w* \w+)/

/** The steps of a plan without their numbers; several of one kind in a row are one line. */
function withoutNumbers(lines: readonly string[]): readonly string[] {
  const kindOf = (text = ''): string | undefined => step.exec(text)?.groups?.['kind']
  return lines.flatMap((text, index) => {
    const kind = kindOf(text)
    if (kind === undefined) return [text]
    if (kind === kindOf(lines[index - 1])) return []
    const isAlone = kind !== kindOf(lines[index + 1])
    return [isAlone ? text.replace(/^\d+\/\d+/, 'N/N') : `N/N ${kind} … ×N`]
  })
}

/** What a user reads, in order: masks shown as such, what differs from run to run replaced. */
export const log = ({ lines }: Pick<StepResult, 'lines'>): readonly string[] =>
  withoutNumbers(withoutRepeats(lines.flatMap((each) => seen(each) ?? []))).map((text) =>
    text
      .replaceAll(guid, '<guid>')
      .replaceAll(/localhost:\d+/g, 'localhost')
      .replaceAll(figures, 'N$1'),
  )

/** The one error of a run that failed. @throws Error when there is none, or more than one */
export function errorOf(result: Pick<StepResult, 'lines'>): string {
  const errors = log(result).filter((text) => text.startsWith('::error'))
  if (errors.length !== 1) throw new Error(`Expected one error, found ${JSON.stringify(errors)}.`)
  return errors.join('')
}

/**
 * One run as a page: the questions to Azure, the changes, then what the user saw, with the time of waiting left out.
 * What is read between two changes, and to look at the result, is left out too.
 */
export function transcribe(title: string, requests: readonly LoggedRequest[], result: StepResult): string {
  const relevant = requests.filter((request) => !isPoll(request))
  const changes = writesIn(relevant)
  const asked = changes[0] === undefined ? relevant : relevant.slice(0, relevant.indexOf(changes[0]))
  return [
    title,
    ...questionLines(asked.map(entryOf)),
    ...changeLines(changes.map(entryOf)),
    ...log(result).map((text) => `  | ${text}`),
    `  exit code ${result.exitCode}`,
  ].join('\n')
}
