import type { Arm } from './arm.ts'
import { passingFailure } from './conflicts.ts'
import { AzureError, hasCode, readFailure } from './failure.ts'
import { poll, type Watch } from './long-running.ts'
import { type Attempts, retryWhile } from './retry.ts'
import type { Session } from './session.ts'
import { type StackProgress, watchStack } from './stack-progress.ts'

type Tags = Readonly<Record<string, string>>

/** What is known of a stack in any case. */
interface Stack {
  readonly provisioningState: string
  readonly tags: Tags
}

/** What every request for one says. */
interface Request {
  readonly name: string
  readonly tags: Tags
}

/** A stack as it was read: what it is, and how its last run went. */
export interface ReadStack<Existing extends Stack> {
  readonly existing: Existing
  /** Why its last run failed, with the resources it failed on; undefined when it knows of no reason. */
  readonly failure: AzureError | undefined
  /** Id of the deployment that it made last. */
  readonly deploymentId: string | undefined
}

/** How stacks are read and written. */
export interface StackAccess<Existing extends Stack, Asked extends Request> {
  readonly arm: Arm
  readonly session: Session
  readonly read: (name: string) => Promise<ReadStack<Existing> | undefined>
  /** Writes it, and waits until Azure has deployed it. */
  readonly put: (request: Asked, watch: Watch) => Promise<ReadStack<Existing>>
}

/** Deploys stacks, and waits for what is being deployed. */
export interface StackDeployer<Existing extends Stack, Asked extends Request> {
  readonly readSettled: (name: string, own?: Tags) => Promise<Existing | undefined>
  readonly deploy: (request: Asked) => Promise<Existing>
}

/** A deployment whose conflicts pass is made again after 15, 30, 60 and 120 seconds, less or more by half. */
const attempts: Attempts = { attempts: 5, firstPause: 15_000 }

const settledStates = ['succeeded', 'failed', 'canceled', 'unknown']

/** https://learn.microsoft.com/rest/api/resources/deployment-stacks/get-at-subscription#deploymentstackprovisioningstate */
const isSettled = ({ provisioningState }: Stack): boolean =>
  settledStates.includes(provisioningState.toLowerCase())

const isBusy = (error: unknown): boolean => hasCode(error, 'DeploymentStackInNonTerminalState')

/** Is what the stack is, or is becoming, what was asked for? Tags say so, when one of them is of the template. */
const isOwn = ({ tags }: Stack, asked: Tags | undefined): boolean =>
  asked !== undefined && Object.entries(asked).every(([name, value]) => tags[name] === value)

/** Opens it. */
export function stackDeployer<Existing extends Stack, Asked extends Request>(
  access: StackAccess<Existing, Asked>,
): StackDeployer<Existing, Asked> {
  const { session } = access
  /** The deployments that stacks had made when they were read last, so that they are not taken for new ones. */
  const former = new Map<string, string | undefined>()

  const watched = async <T>(name: string, work: (watch: Watch) => Promise<T>): Promise<T> => {
    const progress = watching(access, name, former.get(name))
    try {
      return await work(progress.watch)
    } finally {
      await progress.end()
    }
  }

  /** @returns the stack, and whether it was seen at work */
  const settled = async (name: string, own?: Tags) => {
    const first = await access.read(name)
    if (first === undefined || isSettled(first.existing)) {
      former.set(name, first?.deploymentId)
      return { found: first?.existing, wasBusy: false }
    }
    session.progress(
      isOwn(first.existing, own)
        ? `This very deployment of '${name}' is under way already: an earlier run began it. This run goes on with it`
        : `Another run is deploying '${name}'. Waiting for it to finish`,
    )
    const reread = async () => {
      const found = await access.read(name)
      if (found !== undefined && !isSettled(found.existing)) return undefined
      former.set(name, found?.deploymentId)
      return { found: found?.existing }
    }
    former.delete(name)
    const { found } = await watched(name, (watch) => poll(reread, 'the other deployment', session, watch))
    return { found, wasBusy: true }
  }

  const put = (request: Asked): Promise<Existing> =>
    watched(request.name, async (watch) => (await access.put(request, watch)).existing)

  /** What another run deploys is waited for. Where it is the same, it is taken for this run's own. */
  const putOrAttach = async (request: Asked): Promise<Existing> => {
    try {
      return await put(request)
    } catch (error) {
      if (!isBusy(error)) throw await withReasons(error, request.name, access)
      const { found, wasBusy } = await settled(request.name, request.tags)
      const isDone = wasBusy && found?.provisioningState.toLowerCase() === 'succeeded'
      if (isDone && isOwn(found, request.tags)) return found
      throw error
    }
  }

  const deployOnce = (request: Asked): Promise<Existing> => {
    const busy = (error: unknown): string | undefined =>
      isBusy(error) ? 'another run was deploying it' : undefined
    const what = `Deployment stack '${request.name}'`
    return retryWhile(() => putOrAttach(request), busy, what, session)
  }

  return {
    readSettled: async (name, own) => (await settled(name, own)).found,
    deploy: (request) => {
      const once = () => renewing(() => deployOnce(request), session)
      return retryWhile(once, passingFailure, `Deploying '${request.name}'`, session, attempts)
    },
  }
}

/** Shows what Azure does with a stack from now on. */
const watching = <Existing extends Stack, Asked extends Request>(
  { arm, session, read }: StackAccess<Existing, Asked>,
  name: string,
  formerDeployment: string | undefined,
): StackProgress =>
  watchStack(arm, session, {
    title: `Resources of '${name}'`,
    formerDeployment,
    read: async () => {
      const found = await read(name)
      return {
        provisioningState: found?.existing.provisioningState ?? 'creating',
        deploymentId: found?.deploymentId,
      }
    },
  })

/** An operation that failed says little; the stack keeps the reasons. A refused request says all there is. */
async function withReasons<Existing extends Stack, Asked extends Request>(
  error: unknown,
  name: string,
  { read }: StackAccess<Existing, Asked>,
): Promise<unknown> {
  if (!(error instanceof AzureError) || error.failure.status !== undefined) return error
  return (await read(name))?.failure ?? error
}

/** A deployment that takes longer than its token lives fails on it. It is made once more, with a new token. */
async function renewing<T>(work: () => Promise<T>, session: Session): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!hasCode(error, 'ExpiredAuthenticationToken') || readFailure(error).status === 401) throw error
    const scope = session.cloud.resourceManagerScope
    session.credential.discard(scope, await session.credential.token(scope))
    session.progress(
      'The token of the deployment ended before the deployment did. Deploying again with a new one',
    )
    return work()
  }
}
