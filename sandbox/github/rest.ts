/** The few calls of GitHub's REST API that workflows make. https://docs.github.com/rest */
import { commitAt, commitsOfFile, compare } from './commits.ts'
import { environmentRoutes } from './environments.ts'
import { notFound, objectIn, type RestCall, type RestContext, type Route, refusal } from './rest-call.ts'
import { findRepository, type GithubState, type Issue, type IssueComment, type Repository } from './state.ts'
import { subjectSettingsOf } from './subject.ts'

/** The refusal of a request whose token is none of the sandbox's. */
export const badCredentials = (): Response => refusal(401, 'Bad credentials')

const userOf = ({ state, base }: RestContext, login: string): Record<string, unknown> => ({
  login,
  id: state.users.find((user) => user.login.toLowerCase() === login.toLowerCase())?.id ?? 0,
  type: login.endsWith('[bot]') ? 'Bot' : 'User',
  html_url: `${base}/${login}`,
})

const repositoryOf = (context: RestContext, repository: Repository): Record<string, unknown> => ({
  id: repository.id,
  name: repository.name,
  full_name: `${repository.owner}/${repository.name}`,
  private: repository.private,
  visibility: repository.private ? 'private' : 'public',
  owner: { login: repository.owner, id: repository.ownerId, type: 'Organization' },
  html_url: `${context.base}/${repository.owner}/${repository.name}`,
  default_branch: repository.defaultBranch,
  created_at: repository.createdAt,
})

const commentOf = (call: RestCall, issue: Issue, comment: IssueComment): Record<string, unknown> => ({
  id: comment.id,
  body: comment.body,
  user: userOf(call, comment.user),
  created_at: comment.createdAt,
  updated_at: comment.updatedAt,
  html_url: `${call.base}/${call.repository.owner}/${call.repository.name}/issues/${issue.number}#issuecomment-${comment.id}`,
})

const issueOf = (call: RestCall, issue: Issue): Record<string, unknown> => ({
  number: issue.number,
  title: issue.title,
  body: issue.body,
  state: issue.state,
  user: userOf(call, issue.user),
  comments: issue.comments.length,
  created_at: issue.createdAt,
  html_url: `${call.base}/${call.repository.owner}/${call.repository.name}/issues/${issue.number}`,
})

const getPermission = (call: RestCall): Response => {
  const [login = ''] = call.parts
  const user = call.state.users.find((known) => known.login.toLowerCase() === login.toLowerCase())
  if (user === undefined) return refusal(404, `${login} is not a user`)
  const role = call.repository.collaborators[user.login]
  const legacy = { admin: 'admin', maintain: 'write', write: 'write', triage: 'read', read: 'read' } as const
  const otherwise = call.repository.private ? 'none' : 'read'
  return Response.json({
    permission: role === undefined ? otherwise : legacy[role],
    role_name: role ?? otherwise,
    user: userOf(call, user.login),
  })
}

const issueAt = (call: RestCall): Issue | undefined =>
  call.repository.issues.find(({ number }) => number === Number(call.parts[0]))

/** One page of a list, with the `Link` header that names the next. */
const page = (call: RestCall, items: readonly unknown[]): Response => {
  const size = Math.min(100, Math.max(1, Number(call.url.searchParams.get('per_page') ?? 30) || 30))
  const number = Math.max(1, Number(call.url.searchParams.get('page') ?? 1) || 1)
  const next = new URL(call.url)
  next.searchParams.set('page', String(number + 1))
  const more = number * size < items.length
  return Response.json(items.slice((number - 1) * size, number * size), {
    headers: more ? { link: `<${next.href}>; rel="next"` } : {},
  })
}

const bodyOf = async (request: Request): Promise<string | undefined> => {
  const { body } = await objectIn(request)
  return typeof body === 'string' && body !== '' ? body : undefined
}

const listComments = (call: RestCall): Response => {
  const issue = issueAt(call)
  if (issue === undefined) return notFound()
  return page(
    call,
    issue.comments.map((comment) => commentOf(call, issue, comment)),
  )
}

const maximumBody = 65_536

const createComment = async (call: RestCall): Promise<Response> => {
  const issue = issueAt(call)
  if (issue === undefined) return notFound()
  const body = await bodyOf(call.request)
  if (body === undefined || body.length > maximumBody) return refusal(422, 'Validation Failed')
  const at = call.clock.now().toISOString()
  call.state.lastCommentId += 1
  const comment = {
    id: call.state.lastCommentId,
    user: 'github-actions[bot]',
    body,
    createdAt: at,
    updatedAt: at,
  }
  issue.comments.push(comment)
  return Response.json(commentOf(call, issue, comment), { status: 201 })
}

const updateComment = async (call: RestCall): Promise<Response> => {
  for (const issue of call.repository.issues) {
    const comment = issue.comments.find(({ id }) => id === Number(call.parts[0]))
    if (comment === undefined) continue
    const body = await bodyOf(call.request)
    if (body === undefined || body.length > maximumBody) return refusal(422, 'Validation Failed')
    comment.body = body
    comment.updatedAt = call.clock.now().toISOString()
    return Response.json(commentOf(call, issue, comment))
  }
  return notFound()
}

const getIssue = (call: RestCall): Response => {
  const issue = issueAt(call)
  return issue === undefined ? notFound() : Response.json(issueOf(call, issue))
}

const getContents = (call: RestCall): Response => {
  const [path = ''] = call.parts
  const ref = call.url.searchParams.get('ref') ?? 'HEAD'
  const commit = commitAt(call.repository, ref)
  if (commit === undefined) return refusal(404, `No commit found for the ref ${ref}`)
  const text = commit.files[path]
  if (text === undefined) return notFound()
  return Response.json({
    type: 'file',
    encoding: 'base64',
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    size: Buffer.byteLength(text),
    content: Buffer.from(text).toString('base64'),
  })
}

const listCommits = (call: RestCall): Response => {
  const { searchParams } = call.url
  const ref = searchParams.get('sha') ?? 'HEAD'
  const from = commitAt(call.repository, ref)
  if (from === undefined) return refusal(404, `No commit found for SHA: ${ref}`)
  const path = searchParams.get('path')
  // Without a path there are all commits, which nobody asks for.
  if (path === null) return refusal(422, 'The sandbox lists commits of a path only.')
  const found = commitsOfFile(call.repository, from, path)
  return page(
    call,
    found.map(({ sha, parents }) => ({ sha, parents: parents.map((parent) => ({ sha: parent })) })),
  )
}

const getComparison = (call: RestCall): Response => {
  const [base, head] = call.parts.map((name) => commitAt(call.repository, name))
  const comparison = base && head && compare(call.repository, base, head)
  if (comparison === undefined) return notFound()
  return Response.json({
    status: comparison.status,
    ahead_by: comparison.aheadBy,
    behind_by: comparison.behindBy,
    total_commits: comparison.aheadBy,
    base_commit: { sha: base?.sha },
    merge_base_commit: { sha: comparison.mergeBase },
  })
}

const routes: readonly Route[] = [
  {
    method: 'GET',
    path: /^$/,
    needs: {},
    answer: (call) => Response.json(repositoryOf(call, call.repository)),
  },
  {
    method: 'GET',
    path: /^\/actions\/oidc\/customization\/sub$/,
    needs: {},
    answer: ({ repository }) => Response.json(subjectSettingsOf(repository)),
  },
  { method: 'GET', path: /^\/collaborators\/([^/]+)\/permission$/, needs: {}, answer: getPermission },
  { method: 'GET', path: /^\/issues\/(\d+)$/, needs: { issues: 'read' }, answer: getIssue },
  { method: 'GET', path: /^\/issues\/(\d+)\/comments$/, needs: { issues: 'read' }, answer: listComments },
  { method: 'POST', path: /^\/issues\/(\d+)\/comments$/, needs: { issues: 'write' }, answer: createComment },
  { method: 'PATCH', path: /^\/issues\/comments\/(\d+)$/, needs: { issues: 'write' }, answer: updateComment },
  { method: 'GET', path: /^\/contents\/(.+)$/, needs: { contents: 'read' }, answer: getContents },
  { method: 'GET', path: /^\/commits$/, needs: { contents: 'read' }, answer: listCommits },
  {
    method: 'GET',
    path: /^\/compare\/(.+?)\.\.\.(.+)$/,
    needs: { contents: 'read' },
    answer: getComparison,
  },
  ...environmentRoutes,
]

interface Place {
  readonly repository: Repository | undefined
  /** What follows the repository in the address. */
  readonly below: string
  /** Is it the address of a name that the repository no longer has? */
  readonly moved: boolean
}

function placeOf(state: GithubState, path: string): Place {
  const [, id, afterId = ''] = /^\/repositories\/(\d+)(.*)$/.exec(path) ?? []
  if (id !== undefined) {
    const repository = state.repositories.find((one) => one.id === Number(id))
    return { repository, below: afterId, moved: false }
  }
  const [, owner = '', name = '', below = ''] = /^\/repos\/([^/]+)\/([^/]+)(.*)$/.exec(path) ?? []
  const fullName = decodeURIComponent(`${owner}/${name}`)
  const repository = findRepository(state, fullName)
  if (repository !== undefined) return { repository, below, moved: false }
  const former = state.repositories.find(({ formerNames = [] }) =>
    formerNames.some((one) => one.toLowerCase() === fullName.toLowerCase()),
  )
  return { repository: former, below, moved: true }
}

/** https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects */
const movedTo = (location: string): Response =>
  Response.json(
    { message: 'Moved Permanently', url: location, documentation_url: 'https://docs.github.com/rest' },
    { status: 301, headers: { location } },
  )

/** Answers a request below `/api/v3`. `path` is what follows it. */
export const answerRest = (
  context: RestContext,
  request: Request,
  url: URL,
  path: string,
): Response | Promise<Response> => {
  const { repository, below, moved } = placeOf(context.state, path)
  if (repository === undefined) return notFound()
  if (!context.caller.sees(repository)) return notFound()
  if (moved) return movedTo(`${context.base}/api/v3/repositories/${repository.id}${below}`)
  for (const route of routes) {
    const found = route.method === request.method ? route.path.exec(below) : null
    if (found === null) continue
    const refused = context.caller.refusal(repository, route.needs)
    if (refused !== undefined) return refusal(403, refused)
    const parts = found.slice(1).map(decodeURIComponent)
    return route.answer({ ...context, request, url, repository, parts })
  }
  return notFound()
}
