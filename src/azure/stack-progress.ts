import type { Arm } from './arm.ts'
import { operationsOf, type ResourceOperation } from './deployment-operations.ts'
import { readFailure } from './failure.ts'
import type { Watch } from './long-running.ts'
import type { Session } from './session.ts'

/** Looks at a stack while Azure deploys it, and logs what it sees. */
export interface StackProgress {
  /** To be called now and then. */
  readonly watch: Watch
  /** Ends the group of lines, and says what took longest. Where nothing was shown, nothing is asked or said. */
  readonly end: () => Promise<void>
}

/** What is watched. */
export interface Watched {
  readonly title: string
  /** Reads where the stack is, and which deployment it made last. */
  readonly read: () => Promise<StackStage>
  /** The deployment it had made before this one, so that it is not taken for this one. */
  readonly formerDeployment: string | undefined
}

/** https://learn.microsoft.com/rest/api/resources/deployment-stacks/get-at-subscription#deploymentstackprovisioningstate */
export interface StackStage {
  readonly provisioningState: string
  readonly deploymentId: string | undefined
}

/** Azure is asked every five seconds at most, and says nothing new for a minute at most without a sign of life. */
const lookEvery = 5_000
const firstHeartbeat = 15_000
const longestHeartbeat = 60_000
/** More lines than any project has resources. */
const mostLines = 150
const mostNamed = 3

/** As people say it: `12 s`, `4 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000))
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

const took = ({ began, seen }: ResourceOperation): number => seen - began

const byTime = (operations: readonly ResourceOperation[], time: (one: ResourceOperation) => number) =>
  operations.toSorted((a, b) => time(b) - time(a))

/** The first few with their times, and how many more there are. */
function named(operations: readonly ResourceOperation[], time: (one: ResourceOperation) => number): string {
  const sorted = byTime(operations, time)
  const first = sorted.slice(0, mostNamed).map((one) => `${one.label} (${duration(time(one))})`)
  const rest = sorted.length - first.length
  return [...first, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
}

const endedLine = (one: ResourceOperation): string => {
  if (one.state === 'succeeded') return `Done in ${duration(took(one))}: ${one.label}`
  return `Failed after ${duration(took(one))}: ${one.label}${one.code === '' ? '' : ` (${one.code})`}`
}

/** What the heartbeat says. */
function stillLine(operations: readonly ResourceOperation[], waited: number, stage: string): string {
  const running = operations.filter(({ state }) => state === 'running')
  const done = operations.filter(({ state }) => state === 'succeeded').length
  if (running.length === 0) return `Azure is ${stage} (${duration(waited)}); ${done} resources are done`
  const now = Date.now()
  return `Azure is at work on ${named(running, ({ began }) => now - began)}; ${done} of ${operations.length} are done`
}

/** What a stack is doing, by its state. */
const stages: Readonly<Record<string, string>> = {
  creating: 'beginning',
  validating: 'validating the template',
  deploying: 'deploying',
  updatingdenyassignments: 'writing deny assignments',
  deletingresources: 'deleting what the template no longer holds',
  canceling: 'cancelling the deployment',
}

const stageOf = (provisioningState: string): string =>
  stages[provisioningState.toLowerCase()] ?? 'at work on the stack'

/** Lines in a group of the log that is opened by the first of them. */
function groupedLines({ progress, startGroup }: Session, title: string) {
  let endGroup: (() => void) | undefined
  let lines = 0
  return {
    isOpen: () => endGroup !== undefined,
    log: (line: string): void => {
      endGroup ??= startGroup?.(title) ?? (() => undefined)
      lines += 1
      if (lines <= mostLines) progress(line)
    },
    end: () => endGroup?.(),
  }
}

/** Says what has ended since the last time; when nothing has, now and then what is still under way. */
function reporter(log: (line: string) => void) {
  const ended = new Set<string>()
  let reported = 0
  let pause = firstHeartbeat
  const sayEnded = (operations: readonly ResourceOperation[]): boolean => {
    const news = operations.filter(({ id, state }) => state !== 'running' && !ended.has(id))
    for (const one of byTime(news, ({ seen }) => -seen)) {
      ended.add(one.id)
      log(endedLine(one))
    }
    return news.length > 0
  }
  return {
    sayEnded,
    report: (operations: readonly ResourceOperation[], waited: number, stage: string): void => {
      const hasNews = sayEnded(operations)
      if (!hasNews && waited - reported < pause) return
      if (!hasNews) log(stillLine(operations, waited, stage))
      pause = hasNews ? firstHeartbeat : Math.min(pause * 2, longestHeartbeat)
      reported = waited
    },
  }
}

/** Begins to watch. Nothing is asked or logged before the first five seconds are over. */
export function watchStack(
  arm: Arm,
  session: Session,
  { title, read, formerDeployment }: Watched,
): StackProgress {
  const list = operationsOf(arm)
  const { log, isOpen, end } = groupedLines(session, title)
  const { sayEnded, report } = reporter(log)
  let operations: readonly ResourceOperation[] = []
  let stage = stageOf('creating')
  let looked = 0
  let isBlind = false

  const look = async (): Promise<void> => {
    if (isBlind) return
    try {
      const { provisioningState, deploymentId } = await read()
      stage = stageOf(provisioningState)
      const isNew = deploymentId !== undefined && deploymentId !== formerDeployment
      if (isNew) operations = await list(deploymentId)
    } catch (error) {
      isBlind = true
      log(`What Azure does with each resource cannot be shown (${readFailure(error).code || 'no answer'})`)
    }
  }
  return {
    watch: async (waited) => {
      if (waited - looked < lookEvery) return
      looked = waited
      await look()
      report(operations, waited, stage)
    },
    end: async () => {
      if (!isOpen()) return
      await look()
      sayEnded(operations)
      end()
      const done = operations.filter(({ state }) => state !== 'running')
      if (done.length > 0) session.progress(`Slowest of ${done.length} resources: ${named(done, took)}`)
    },
  }
}
