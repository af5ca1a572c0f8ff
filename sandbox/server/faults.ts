/** A way in which the sandbox misbehaves on purpose, for requests that match. */
export interface FaultRule {
  /** HTTP method, or several as in `PUT|PATCH`; absent means every method. `DEPLOY` strikes what deployments write, `path` against the resource's id. */
  readonly method?: string
  /** Regular expression, tried without regard to case against path and query as sent. */
  readonly path: string
  /** How many matching requests to let through first. Default 0. */
  readonly skip?: number
  /** How often to strike. Default 1; `always` never stops. */
  readonly times?: number | 'always'
  /** Milliseconds to wait before anything else happens. */
  readonly delay?: number
  /** What to wait for before anything else happens: for tests that decide when a request goes on. */
  readonly until?: Promise<unknown>
  /** Answer with this status instead of the true answer. A rule that says nothing else only delays. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** JSON body of the answer. */
  readonly body?: unknown
  /** Answer as a proxy does: with this page, `text/html`, none of the service's headers, and status 200 unless another is given. */
  readonly page?: string
  /** Cut the connection without an answer. */
  readonly drop?: boolean
  /** Cut the connection in the middle of the answer: the one given here, else the true one. */
  readonly cut?: boolean
  /** Never answer; the connection stays until the client ends it. */
  readonly stall?: boolean
  /**
   * `before` (default): the request has no effect. `after`: its effect happens and only the answer is replaced or
   * lost, which is how a client comes to repeat a write that succeeded.
   */
  readonly when?: 'before' | 'after'
}

/** What the sandbox does to one request. */
export interface Fault {
  readonly delay: number
  readonly until: Promise<unknown> | undefined
  readonly when: 'before' | 'after'
  readonly outcome: FaultOutcome
}

type FaultOutcome =
  | { readonly kind: 'pass' | 'drop' | 'stall' }
  /** `isOwn`: it carries the headers that every answer of the service has. */
  | { readonly kind: 'answer'; readonly isOwn: boolean; readonly response: () => Response }
  /** Without a response, the true one. */
  | { readonly kind: 'cut'; readonly response?: () => Response }

/** The rules in force. They are tried in order, and the first that strikes decides. */
export interface Faults {
  /** Adds a rule behind the others. */
  add(rule: FaultRule): void
  /** Takes all rules away. */
  clear(): void
  /** The fault that strikes this request, counting it against the rules. */
  strike(method: string, pathAndQuery: string): Fault | undefined
}

interface ActiveRule {
  readonly rule: FaultRule
  readonly pattern: RegExp
  seen: number
}

/** For a request inside another one, which can be answered but neither delayed nor cut off. */
export function strikeInside(faults: Faults, method: string, pathAndQuery: string): Response | undefined {
  const outcome = faults.strike(method, pathAndQuery)?.outcome
  return outcome?.kind === 'answer' ? outcome.response() : undefined
}

/** Makes the rule book. @throws SyntaxError when a path is no regular expression */
export function createFaults(rules: readonly FaultRule[] = []): Faults {
  let active = rules.map(activate)
  return {
    add: (rule) => {
      active.push(activate(rule))
    },
    clear: () => {
      active = []
    },
    strike: (method, pathAndQuery) => {
      const hit = active.find((candidate) => strikes(candidate, method, pathAndQuery))
      return hit && toFault(hit.rule)
    },
  }
}

function activate(rule: FaultRule): ActiveRule {
  return { rule, pattern: new RegExp(rule.path, 'i'), seen: 0 }
}

function strikes(active: ActiveRule, method: string, pathAndQuery: string): boolean {
  const { rule, pattern } = active
  if (rule.method !== undefined && !rule.method.toUpperCase().split('|').includes(method)) return false
  if (!pattern.test(pathAndQuery)) return false
  const position = active.seen - (rule.skip ?? 0)
  active.seen += 1
  return position >= 0 && (rule.times === 'always' || position < (rule.times ?? 1))
}

function toFault(rule: FaultRule): Fault {
  const { delay = 0, until, when = 'before' } = rule
  return { delay, until, when, outcome: outcomeOf(rule) }
}

function outcomeOf(rule: FaultRule): FaultOutcome {
  if (rule.drop) return { kind: 'drop' }
  if (rule.stall) return { kind: 'stall' }
  const response = answerOf(rule)
  if (rule.cut) return { kind: 'cut', ...(response && { response }) }
  if (response === undefined) return { kind: 'pass' }
  return { kind: 'answer', isOwn: rule.page === undefined, response }
}

function answerOf({ status, body, headers, page }: FaultRule): (() => Response) | undefined {
  if (page !== undefined) {
    return () =>
      new Response(page, { status: status ?? 200, headers: { 'content-type': 'text/html', ...headers } })
  }
  if (status === undefined) return undefined
  return () =>
    body === undefined
      ? new Response(null, { status, headers: { ...headers } })
      : Response.json(body, { status, headers: { ...headers } })
}

const ruleKeys = [
  'method',
  'path',
  'skip',
  'times',
  'delay',
  'status',
  'headers',
  'body',
  'page',
  'drop',
  'cut',
  'stall',
  'when',
]

/**
 * Reads the content of a faults file: a JSON list of rules.
 * @throws Error that says which rule is wrong, and how
 */
export function parseFaultRules(text: string): readonly FaultRule[] {
  const value: unknown = JSON.parse(text)
  if (!Array.isArray(value)) throw new Error('Expected a JSON list of rules.')
  return value.map((entry, index) => parseRule(entry, `Rule ${index + 1}`))
}

function parseRule(entry: unknown, where: string): FaultRule {
  if (typeof entry !== 'object' || entry === null) throw new Error(`${where} is not an object.`)
  const unknownKey = Object.keys(entry).find((key) => !ruleKeys.includes(key))
  if (unknownKey) throw new Error(`${where}: unknown key '${unknownKey}'. Allowed: ${ruleKeys.join(', ')}.`)
  const faults = ruleFaults(new Map(Object.entries(entry)))
  if (faults.length > 0) throw new Error(`${where}: ${faults.join(' ')}`)
  return entry as FaultRule
}

function ruleFaults(rule: ReadonlyMap<string, unknown>): string[] {
  const wrong = (key: string, allowed: string, isRight: (value: unknown) => boolean): string[] =>
    rule.has(key) && !isRight(rule.get(key)) ? [`'${key}' must be ${allowed}.`] : []
  const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0
  return [
    ...(isPattern(rule.get('path')) ? [] : ["'path' must be a regular expression."]),
    ...wrong('method', 'an HTTP method, or several as in PUT|PATCH', (value) => typeof value === 'string'),
    ...wrong('skip', 'a whole number from 0', isCount),
    ...wrong('times', "a whole number from 0, or 'always'", (value) => value === 'always' || isCount(value)),
    ...wrong('delay', 'milliseconds from 0', isCount),
    ...wrong('status', 'an HTTP status from 200 to 599', (value) => isCount(value) && inRange(Number(value))),
    ...wrong('headers', 'an object of texts', isTextRecord),
    ...wrong('page', 'a text', (value) => typeof value === 'string'),
    ...['drop', 'cut', 'stall'].flatMap((key) =>
      wrong(key, 'true or false', (value) => typeof value === 'boolean'),
    ),
    ...wrong('when', "'before' or 'after'", (value) => value === 'before' || value === 'after'),
  ]
}

function isPattern(value: unknown): boolean {
  if (typeof value !== 'string') return false
  try {
    return new RegExp(value) instanceof RegExp
  } catch {
    return false
  }
}

function inRange(status: number): boolean {
  return status >= 200 && status <= 599
}

function isTextRecord(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && Object.values(value).every((v) => typeof v === 'string')
  )
}
