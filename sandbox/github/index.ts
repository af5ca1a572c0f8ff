/** GitHub as workflows see it: the token issuer, the REST API, and jobs to run in. */
import type { Area, Clock, Exchange, Identifiers } from '../contracts.ts'
import { type Caller, jobCaller, personCaller } from './caller.ts'
import {
  beginJob,
  EnvironmentProtectedError,
  type Job,
  type JobRequest,
  jobEnvironment,
  UnknownRepositoryError,
} from './jobs.ts'
import { createTokenIssuer } from './oidc.ts'
import { answerRest, badCredentials } from './rest.ts'
import { objectIn } from './rest-call.ts'
import type { GithubState } from './state.ts'

export type { JobRequest } from './jobs.ts'
export { type DeploymentEnvironment, emptyGithub, type GithubState, type Repository } from './state.ts'

/** What GitHub needs of the rest of the sandbox. */
export interface GithubDependencies {
  readonly clock: Clock
  readonly identifiers: Identifiers
  /** Base address of the sandbox, without a trailing slash. */
  readonly base: () => string
}

/** A job that has begun, as whoever plays the runner needs it. */
export interface BegunJob {
  /** Variables for the steps; among them where to ask for tokens, unless the job has no `id-token: write`. */
  readonly env: Readonly<Record<string, string>>
  /** `GITHUB_TOKEN`, which a workflow hands to the steps that need it. */
  readonly token: string
}

/** GitHub: its addresses, and the jobs. */
export interface Github {
  readonly area: Area
  /** @throws Error when the repository is unknown, or does not let the job run in its environment */
  createJob(request: JobRequest): BegunJob
  /** A token as a person has it after `gh auth login`. @throws Error when nobody has this login */
  personToken(login: string): string
}

/** Where GitHub's tokens say they are from. `{sandbox}` stands for the sandbox's address in seeds. */
export const githubIssuer = '{sandbox}/_services/token'

const oidc = '/_services/token'
const rest = '/api/v3'

const bearerOf = (request: Request): string | undefined =>
  /^(?:bearer|token)\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]

const isText = (value: unknown): value is string => typeof value === 'string'

/** Reads the body of `POST /_sandbox/github/jobs`; what has another type than it should is refused. */
const parseJobRequest = (value: unknown): JobRequest | undefined => {
  if (typeof value !== 'object' || value === null || !('repository' in value)) return undefined
  const { repository, ...rest } = value
  const texts = ['environment', 'ref', 'sha', 'workflow', 'jobWorkflowRef', 'actor', 'eventName']
  const isRight = ([key, entry]: [string, unknown]): boolean =>
    key === 'permissions' ? typeof entry === 'object' && entry !== null : texts.includes(key) && isText(entry)
  if (!isText(repository) || !Object.entries(rest).every(isRight)) return undefined
  return { repository, ...rest }
}

/** Joins GitHub's state to its addresses: `/_services/token`, `/api/v3`, `POST /_sandbox/github/jobs` and `…/tokens`. */
export const createGithub = (state: GithubState, deps: GithubDependencies): Github => {
  const { clock, identifiers } = deps
  const issuer = createTokenIssuer(state, clock, identifiers)
  const jobs: Job[] = []
  const people = new Map<string, Caller>()

  const createJob = (request: JobRequest): BegunJob => {
    const job = beginJob(state, request, identifiers.uuid, jobs.length + 1)
    jobs.push(job)
    return { env: jobEnvironment(job, deps.base()), token: job.token }
  }

  const personToken = (login: string): string => {
    if (!state.users.some((user) => user.login === login)) throw new Error(`Nobody on GitHub is '${login}'.`)
    const token = `gho_${identifiers.uuid().replaceAll('-', '')}`
    people.set(token, personCaller(login))
    return token
  }

  const callerWith = (token: string | undefined): Caller | undefined => {
    const job = jobs.find((one) => one.token === token)
    return job === undefined ? people.get(token ?? '') : jobCaller(job)
  }

  const issueToken = async (request: Request, { url, base }: Exchange): Promise<Response> => {
    const shown = bearerOf(request)
    const job = jobs.find(({ requestToken }) => requestToken === shown)
    if (job === undefined || job.permissions.idToken !== 'write') {
      return Response.json({ message: 'The request token is not valid.' }, { status: 401 })
    }
    const audience = url.searchParams.get('audience') ?? `https://github.com/${job.repository.owner}`
    const value = await issuer.token(job, `${base}${oidc}`, audience)
    return Response.json({ count: value.length, value })
  }

  const answerOidc = async (request: Request, exchange: Exchange): Promise<Response | undefined> => {
    const { base, url } = exchange
    switch (url.pathname.slice(oidc.length)) {
      case '/.well-known/openid-configuration':
        return Response.json({
          issuer: `${base}${oidc}`,
          jwks_uri: `${base}${oidc}/.well-known/jwks`,
          subject_types_supported: ['public', 'pairwise'],
          response_types_supported: ['id_token'],
          id_token_signing_alg_values_supported: ['RS256'],
          scopes_supported: ['openid'],
        })
      case '/.well-known/jwks':
        return Response.json(await issuer.keys())
      case '/token':
        return issueToken(request, exchange)
      default:
        return undefined
    }
  }

  const beginFromOutside = async (request: Request): Promise<Response> => {
    const wanted = parseJobRequest(JSON.parse(await request.text()))
    if (wanted === undefined) {
      return Response.json({ message: 'Expected a JSON object with a repository.' }, { status: 400 })
    }
    try {
      return Response.json(createJob(wanted), { status: 201 })
    } catch (error) {
      if (error instanceof EnvironmentProtectedError)
        return Response.json({ message: error.message }, { status: 403 })
      if (!(error instanceof UnknownRepositoryError)) throw error
      return Response.json({ message: error.message }, { status: 404 })
    }
  }

  const signInFromOutside = async (request: Request): Promise<Response> => {
    const { login } = await objectIn(request)
    if (!state.users.some((user) => user.login === login))
      return Response.json({ message: 'Expected a JSON object with the login of somebody.' }, { status: 400 })
    return Response.json({ token: personToken(String(login)) }, { status: 201 })
  }

  const area: Area = async (request, exchange) => {
    const { pathname } = exchange.url
    if (pathname.startsWith(`${oidc}/`)) return answerOidc(request, exchange)
    if (pathname === '/_sandbox/github/jobs' && request.method === 'POST') return beginFromOutside(request)
    if (pathname === '/_sandbox/github/tokens' && request.method === 'POST') return signInFromOutside(request)
    if (!pathname.startsWith(`${rest}/`)) return undefined
    const caller = callerWith(bearerOf(request))
    if (caller === undefined) return badCredentials()
    const context = { state, clock, base: exchange.base, caller }
    return answerRest(context, request, exchange.url, pathname.slice(rest.length))
  }
  return { area, createJob, personToken }
}
