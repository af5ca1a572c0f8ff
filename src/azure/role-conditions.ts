/**
 * Conditions of role assignments, as far as they are about assigning roles. What this does not know is neither true nor
 * false, so that nobody takes it for allowed.
 * https://learn.microsoft.com/azure/role-based-access-control/conditions-format
 */

/** True, false, or not known. */
export type Truth = boolean | undefined

/** The role assignment that somebody is about to write. */
export interface AssignmentRequest {
  /** E.g. `Microsoft.Authorization/roleAssignments/write`. */
  readonly action: string
  /** A GUID. */
  readonly roleDefinitionId: string
  readonly principalType: string
  /** Undefined while the principal does not exist. */
  readonly principalId: string | undefined
}

/** May the assignment be written under this condition? */
export function fulfils(condition: string, request: AssignmentRequest): Truth {
  const tokens = condition.match(token) ?? []
  const reader = { tokens, position: 0, request }
  const result = anyOf(reader)
  return reader.position === tokens.length ? result : undefined
}

const token = /@\w+\[[^\]]*\]|\{[^}]*\}|'[^']*'|&&|\|\||[\w:.-]+|\S/g

interface Reader {
  readonly tokens: readonly string[]
  position: number
  readonly request: AssignmentRequest
}

const next = (reader: Reader): string => reader.tokens[reader.position++] ?? ''
const peek = ({ tokens, position }: Reader): string => tokens[position] ?? ''

function accepts(reader: Reader, ...words: readonly string[]): boolean {
  if (!words.includes(peek(reader).toUpperCase())) return false
  reader.position += 1
  return true
}

function anyOf(reader: Reader): Truth {
  let result = allOf(reader)
  while (accepts(reader, 'OR', '||')) result = either(result, allOf(reader))
  return result
}

function allOf(reader: Reader): Truth {
  let result = factor(reader)
  while (accepts(reader, 'AND', '&&')) result = both(result, factor(reader))
  return result
}

function factor(reader: Reader): Truth {
  if (accepts(reader, '!', 'NOT')) return not(factor(reader))
  if (accepts(reader, '(')) {
    const result = anyOf(reader)
    return accepts(reader, ')') ? result : undefined
  }
  const first = next(reader)
  if (/^ActionMatches$/i.test(first))
    return valuesOf(next(reader)).some((one) => sameAs(one, reader.request.action))
  if (!first.startsWith('@')) {
    // E.g. `SubOperationMatches{…}` and `Exists @…`: about something else than the assignment of a role.
    if (/^[@{]/.test(peek(reader))) reader.position += 1
    return undefined
  }
  const operator = next(reader)
  return compared(attributeOf(first, reader.request), operator, valuesOf(next(reader)))
}

const sameAs = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** `{a, 'b'}` or `'a'`. */
const valuesOf = (literal: string): readonly string[] =>
  literal
    .replace(/^\{|\}$/g, '')
    .split(',')
    .map((value) => value.trim().replace(/^'|'$/g, ''))

/** https://learn.microsoft.com/azure/role-based-access-control/conditions-authorization-actions-attributes */
function attributeOf(source: string, request: AssignmentRequest): string | undefined {
  const [, name = ''] =
    /^@(?:Request|Resource)\[Microsoft\.Authorization\/roleAssignments:(\w+)\]$/i.exec(source) ?? []
  switch (name.toLowerCase()) {
    case 'roledefinitionid':
      return request.roleDefinitionId
    case 'principaltype':
      return request.principalType
    case 'principalid':
      return request.principalId
    default:
      return undefined
  }
}

/** There is one value on the left, so whether any or all of its values are meant makes no difference. */
function compared(value: string | undefined, operator: string, wanted: readonly string[]): Truth {
  const [, quantifier = '', name = ''] = /^(?:ForA(?:ny|ll)Of(Any|All)Values:)?(\w+)$/i.exec(operator) ?? []
  const [, negated] = /^(?:Guid|String)(Not)?Equals(?:IgnoreCase)?$/i.exec(name) ?? []
  if (value === undefined || !/^(?:Guid|String)(?:Not)?Equals(?:IgnoreCase)?$/i.test(name)) return undefined
  const matches = wanted.map((one) => sameAs(one, value) !== (negated !== undefined))
  return quantifier.toLowerCase() === 'all' ? matches.every(Boolean) : matches.some(Boolean)
}

const not = (value: Truth): Truth => (value === undefined ? undefined : !value)

function both(a: Truth, b: Truth): Truth {
  if (a === false || b === false) return false
  return a === undefined || b === undefined ? undefined : true
}

function either(a: Truth, b: Truth): Truth {
  if (a === true || b === true) return true
  return a === undefined || b === undefined ? undefined : false
}

/** Whom somebody may assign which roles, and which assignments they may never remove. */
export interface AssignmentLimit {
  /** GUIDs. */
  readonly assigned: readonly string[]
  readonly neverRemoved: readonly string[]
  readonly principalTypes: readonly string[]
}

/**
 * The condition under which somebody assigns these roles, and no others, to principals of these types. What is removed gives
 * nobody anything, and may be a role that was in an earlier list: any may go, but those that others administer with.
 * https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples#example-constrain-roles-and-principal-types
 */
export function assignOnly({ assigned, neverRemoved, principalTypes }: AssignmentLimit): string {
  const type = 'Microsoft.Authorization/roleAssignments'
  const types = `ForAnyOfAnyValues:StringEqualsIgnoreCase {${principalTypes.map((one) => `'${one}'`).join(', ')}}`
  const part = (verb: string, source: string, roles: string): string =>
    `((!(ActionMatches{'${type}/${verb}'})) OR (@${source}[${type}:RoleDefinitionId] ${roles} AND @${source}[${type}:PrincipalType] ${types}))`
  const write = part('write', 'Request', `ForAnyOfAnyValues:GuidEquals {${assigned.join(', ')}}`)
  const remove = part('delete', 'Resource', `ForAnyOfAllValues:GuidNotEquals {${neverRemoved.join(', ')}}`)
  return `${write} AND ${remove}`
}
