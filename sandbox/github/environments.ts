/** Environments, and the branches that may use them. https://docs.github.com/rest/deployments/environments */
import { environmentNamed, findEnvironment } from './deployment-rules.ts'
import { notFound, objectIn, type RestCall, type Route, refusal } from './rest-call.ts'
import type { DeploymentEnvironment, Reviewer } from './state.ts'

const shown = ({ base, repository }: RestCall, { id, name, reviewers, from }: DeploymentEnvironment) => ({
  id,
  name,
  url: `${base}/api/v3/repos/${repository.owner}/${repository.name}/environments/${encodeURIComponent(name)}`,
  protection_rules: [
    ...(reviewers.length === 0
      ? []
      : [
          {
            id: id * 10 + 1,
            type: 'required_reviewers',
            prevent_self_review: false,
            reviewers: reviewers.map((one) => ({ type: one.type, reviewer: { id: one.id } })),
          },
        ]),
    ...(from === undefined ? [] : [{ id: id * 10 + 2, type: 'branch_policy' }]),
  ],
  deployment_branch_policy:
    from === undefined
      ? null
      : {
          protected_branches: from === 'protectedBranches',
          custom_branch_policies: from !== 'protectedBranches',
        },
})

const read = (call: RestCall): Response => {
  const found = findEnvironment(call.repository, call.parts[0] ?? '')
  return found === undefined ? notFound() : Response.json(shown(call, found))
}

const isReviewer = (value: unknown): value is Reviewer =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  'id' in value &&
  typeof value.id === 'number'

/** What the body does not name is as if it were not set. */
const write = async (call: RestCall): Promise<Response> => {
  const { reviewers, deployment_branch_policy: policy } = await objectIn(call.request)
  const [own, custom] = ['protected_branches', 'custom_branch_policies'].map((key) =>
    typeof policy === 'object' && policy !== null ? Reflect.get(policy, key) : undefined,
  )
  if (policy != null && (typeof own !== 'boolean' || typeof custom !== 'boolean' || own === custom))
    return refusal(422, 'Validation Failed')
  const environment = environmentNamed(call.repository, call.parts[0] ?? '')
  environment.reviewers = Array.isArray(reviewers) ? reviewers.filter(isReviewer) : []
  if (policy == null) delete environment.from
  else if (own === true) environment.from = 'protectedBranches'
  else if (!Array.isArray(environment.from)) environment.from = []
  return Response.json(shown(call, environment))
}

const listPolicies = ({ repository, parts: [name = ''] }: RestCall): Response => {
  const environment = findEnvironment(repository, name)
  if (environment === undefined) return notFound()
  const policies = Array.isArray(environment.from) ? environment.from : []
  return Response.json({ total_count: policies.length, branch_policies: policies })
}

const addPolicy = async ({
  request,
  repository,
  parts: [environmentName = ''],
}: RestCall): Promise<Response> => {
  const environment = findEnvironment(repository, environmentName)
  if (environment === undefined || !Array.isArray(environment.from)) return notFound()
  const { name, type = 'branch' } = await objectIn(request)
  if (typeof name !== 'string' || name === '' || (type !== 'branch' && type !== 'tag'))
    return refusal(422, 'Validation Failed')
  if (environment.from.some((one) => one.name === name && one.type === type))
    return new Response(null, { status: 303 })
  const policy = { id: environment.id * 100 + environment.from.length + 1, name, type } as const
  environment.from.push(policy)
  return Response.json(policy)
}

const branch = ({ repository, parts: [name = ''] }: RestCall): Response =>
  name === repository.defaultBranch || repository.protectedBranches?.includes(name)
    ? Response.json({ name, protected: repository.protectedBranches?.includes(name) ?? false })
    : refusal(404, 'Branch not found')

/** https://docs.github.com/rest/repos/rules#get-rules-for-a-branch */
const rules = ({ repository, parts: [name = ''] }: RestCall): Response => {
  const count = name === repository.defaultBranch ? repository.requiredApprovals : undefined
  const rule = { type: 'pull_request', parameters: { required_approving_review_count: count } }
  return Response.json(count === undefined ? [] : [rule])
}

/** https://docs.github.com/rest/branches/branch-protection#get-pull-request-review-protection */
const review = ({ repository, parts: [name = ''] }: RestCall): Response => {
  const { protectionApprovals: count } = repository
  return name === repository.defaultBranch && count !== undefined
    ? Response.json({ required_approving_review_count: count })
    : refusal(404, 'Branch not protected')
}

/** The calls that concern them. */
export const environmentRoutes: readonly Route[] = [
  { method: 'GET', path: /^\/environments\/([^/]+)$/, needs: { actions: 'read' }, answer: read },
  { method: 'PUT', path: /^\/environments\/([^/]+)$/, needs: { administration: 'write' }, answer: write },
  {
    method: 'GET',
    path: /^\/environments\/([^/]+)\/deployment-branch-policies$/,
    needs: { actions: 'read' },
    answer: listPolicies,
  },
  {
    method: 'POST',
    path: /^\/environments\/([^/]+)\/deployment-branch-policies$/,
    needs: { administration: 'write' },
    answer: addPolicy,
  },
  { method: 'GET', path: /^\/branches\/([^/]+)$/, needs: { contents: 'read' }, answer: branch },
  {
    method: 'GET',
    path: /^\/branches\/([^/]+)\/protection\/required_pull_request_reviews$/,
    needs: { administration: 'write' },
    answer: review,
  },
  { method: 'GET', path: /^\/rules\/branches\/([^/]+)$/, needs: {}, answer: rules },
]
