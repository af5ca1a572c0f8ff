import { type Addresses, equalAddress, equalText } from './equal.ts'
import type { Exchange } from './exchange.ts'

/** In what two sides differ. `call`: only one was asked; `outcome`: how a step ended, and what its plan says. */
export type DifferenceKind = 'outcome' | 'call' | 'status' | 'code' | 'what-if' | 'shape' | 'order'

/** One difference of one step. */
export interface Difference {
  readonly kind: DifferenceKind
  /** The request, or what of the step it is about. */
  readonly what: string
  /** Only on Azure, and only on the sandbox. */
  readonly azure: readonly string[]
  readonly sandbox: readonly string[]
}

/** One request of a step, as often as it was made. */
interface Call {
  readonly statuses: ReadonlySet<string>
  readonly codes: ReadonlySet<string>
  readonly shape: ReadonlySet<string>
  readonly changes: ReadonlySet<string>
  /** When it was first asked, and last answered. */
  readonly began: number
  readonly ended: number
}

/** What one side did in a step. */
export interface Recording extends Addresses {
  readonly exchanges: readonly Exchange[]
  /** How the step ended, in lines that hold nothing of whose it is. */
  readonly outcome: readonly string[]
}

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'

/** Questions about an operation count as one with the request that began it: how often one asks is a matter of time. */
function keyOf({ method, url, pollOf }: Exchange, addresses: Addresses): string | undefined {
  const address = equalAddress(pollOf?.url ?? url, addresses)
  if (address === undefined) return undefined
  const asked = `${pollOf?.method ?? method} ${address.service}:${address.path}`
  return pollOf === undefined ? asked : `${asked} (its operation)`
}

const sets = (one: readonly Exchange[], of: (exchange: Exchange) => readonly string[]): ReadonlySet<string> =>
  new Set(one.flatMap(of))

/** The requests of a step by what they ask, in the order in which each was first made. */
function callsOf({ exchanges, ...addresses }: Recording): ReadonlyMap<string, Call> {
  const keyed = exchanges.flatMap((exchange) => {
    const key = keyOf(exchange, addresses)
    return key === undefined ? [] : [{ key, exchange }]
  })
  const groups = Map.groupBy(keyed, ({ key }) => key)
  return new Map(
    [...groups].map(([key, same]) => {
      const all = same.map(({ exchange }) => exchange)
      // While an operation lasts, its answers are of another status and another form than in the end.
      const final = all[0]?.pollOf === undefined ? all : all.slice(-1)
      return [
        key,
        {
          statuses: sets(final, ({ status }) => [String(status)]),
          codes: sets(all, ({ codes }) => codes),
          shape: sets(final, ({ shape, status }) => (status < 300 ? shape : [])),
          changes: sets(final, ({ changes }) => changes.map(equalText)),
          began: Math.min(...all.map(({ began }) => began)),
          ended: Math.max(...all.map(({ ended }) => ended)),
        },
      ]
    }),
  )
}

const onlyIn = (one: ReadonlySet<string>, other: ReadonlySet<string>): readonly string[] =>
  [...one].filter((item) => !other.has(item))

function differing(
  kind: DifferenceKind,
  what: string,
  azure: ReadonlySet<string>,
  sandbox: ReadonlySet<string>,
): readonly Difference[] {
  const difference = { kind, what, azure: onlyIn(azure, sandbox), sandbox: onlyIn(sandbox, azure) }
  return difference.azure.length + difference.sandbox.length === 0 ? [] : [difference]
}

/** The form of what is in a list that is empty on the other side says nothing. */
function comparable(shape: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> {
  const suffix = ': nothing'
  const lists = (of: ReadonlySet<string>): readonly string[] =>
    [...of].flatMap((line) => (line.endsWith(suffix) ? [line.slice(0, -suffix.length)] : []))
  const isFilled = (list: string, of: ReadonlySet<string>): boolean =>
    [...of].some((line) => line.startsWith(list) && !line.endsWith(suffix))
  const empty = lists(other).filter((list) => !isFilled(list, other))
  return new Set(
    [...shape].filter((line) => !line.endsWith(suffix) && !empty.some((list) => line.startsWith(list))),
  )
}

function differencesOfCall(key: string, azure: Call, sandbox: Call): readonly Difference[] {
  return [
    ...differing('status', key, azure.statuses, sandbox.statuses),
    ...differing('code', key, azure.codes, sandbox.codes),
    ...differing('what-if', key, azure.changes, sandbox.changes),
    ...(azure.shape.size === 0 || sandbox.shape.size === 0
      ? []
      : differing(
          'shape',
          key,
          comparable(azure.shape, sandbox.shape),
          comparable(sandbox.shape, azure.shape),
        )),
  ]
}

/** More pairs say nothing new. */
const mostPairs = 20

/**
 * Changes that came one after the other on both sides, and the other way round. Reads go side by side, in any order, and so
 * do changes that overlap.
 */
function differencesOfOrder(
  azure: ReadonlyMap<string, Call>,
  sandbox: ReadonlyMap<string, Call>,
): readonly Difference[] {
  const isCompared = (key: string): boolean =>
    !isRead(key.split(' ')[0] ?? '') && !key.endsWith('(its operation)')
  const both = [...azure].flatMap(([key, one]) => {
    const other = sandbox.get(key)
    return other !== undefined && isCompared(key) ? [{ key, one, other }] : []
  })
  const pairs = both.flatMap((first) =>
    both
      .filter(({ one, other }) => first.one.ended < one.began && other.ended < first.other.began)
      .map((second) => [first.key, second.key] as const),
  )
  return pairs.slice(0, mostPairs).map(([first, second]) => ({
    ...{ kind: 'order', what: 'which comes first' },
    ...{ azure: [first], sandbox: [second] },
  }))
}

/** In what a step differed on the two sides. */
export function differencesOf(azure: Recording, sandbox: Recording): readonly Difference[] {
  const [one, other] = [callsOf(azure), callsOf(sandbox)]
  const inBoth = [...one].flatMap(([key, call]) => {
    const counterpart = other.get(key)
    return counterpart === undefined ? [] : differencesOfCall(key, call, counterpart)
  })
  return [
    ...differing('outcome', 'how it ended', new Set(azure.outcome), new Set(sandbox.outcome)),
    ...differing('call', 'what was asked', new Set(one.keys()), new Set(other.keys())),
    ...inBoth,
    ...differencesOfOrder(one, other),
  ]
}
