import { refusal } from '../errors.ts'
import {
  assignmentType,
  builtInDefinitions,
  definitionType,
  scopeOf,
  setType,
} from '../governance/policy/definitions.ts'
import { type ArmContext, type ArmRequest, type Handler, requireRight } from './context.ts'
import { page } from './paging.ts'

const path =
  /^(.*)\/providers\/Microsoft\.Authorization\/(policyDefinitions|policySetDefinitions|policyAssignments)(?:\/([^/]+))?$/i

/** Lists of what policies are made of, and built-in definitions. */
export const policyHandler: Handler = async (request, context) => {
  const match = path.exec(request.path)
  if (match === null || request.method !== 'GET') return undefined
  const [, scope = '', kind = '', name] = match
  const type =
    [definitionType, setType, assignmentType].find((one) =>
      one.toLowerCase().endsWith(`/${kind.toLowerCase()}`),
    ) ?? ''
  if (name !== undefined) return one(scope, type, name, request, context)
  if (scope !== '') requireRight(context, request.caller, scope, `${type}/read`)
  return type === assignmentType
    ? listAssignments(scope, request, context)
    : listDefinitions(scope, type, request, context)
}

/** A built-in definition belongs to the tenant; all others are read as any resource. */
function one(
  scope: string,
  type: string,
  name: string,
  request: ArmRequest,
  context: ArmContext,
): Response | undefined {
  const found =
    scope === ''
      ? builtInDefinitions.find((one) => one.type === type && one.name === name.toLowerCase())
      : undefined
  if (found !== undefined) return Response.json(found)
  if (context.world.store.get(request.path) !== undefined) return undefined
  if (scope !== '') requireRight(context, request.caller, request.path, `${type}/read`)
  const kind = type.slice(type.indexOf('/policy') + 1, -1)
  const words = kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  const code = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}NotFound`
  throw refusal(
    404,
    code,
    `The ${words} '${name}' ${type === assignmentType ? 'is not' : 'could not be'} found.`,
  )
}

function listDefinitions(scope: string, type: string, request: ArmRequest, { world }: ArmContext): Response {
  const above = world.store.scopesAbove(scope)
  const wanted = /policyType eq '(\w+)'/i.exec(request.query.get('$filter') ?? '')?.[1]?.toLowerCase()
  const own = world.store.ofType(type).filter((definition) => above.includes(scopeOf(definition)))
  const all = [...(type === definitionType ? builtInDefinitions : []), ...own]
  return page(
    all.filter(
      ({ properties }) => wanted === undefined || String(properties?.['policyType']).toLowerCase() === wanted,
    ),
    request.exchange,
  )
}

/** Assignments at the scope and above, and, unless only those are asked for, below. */
function listAssignments(scope: string, request: ArmRequest, { world }: ArmContext): Response {
  const filter = request.query.get('$filter') ?? ''
  const above = world.store.scopesAbove(scope)
  const key = scope.toLowerCase()
  const found = world.store.ofType(assignmentType).filter((assignment) => {
    const own = scopeOf(assignment)
    if (/atExactScope\(\)/i.test(filter)) return own === key
    return above.includes(own) || (!/atScope\(\)/i.test(filter) && own.startsWith(`${key}/`))
  })
  return page(found, request.exchange)
}
