import type { DirectoryStore } from '../entra/directory.ts'
import type { User } from '../entra/model.ts'
import { demandAll, fits, readKnown, textOf } from './body.ts'
import { refusals } from './errors.ts'
import {
  demandRead,
  type GraphContext,
  type GraphRequest,
  type GraphResponse,
  type Key,
  noContent,
  objectBody,
} from './http.ts'
import { memberGroups } from './member-groups.ts'
import { respondWithCount, respondWithMany, respondWithOne } from './query.ts'
import { memberships, type RelationshipPath } from './relationships.ts'
import { showUser } from './representation.ts'
import { userType } from './resource-types.ts'

const details = {
  ageGroup: fits.nullableText(64),
  businessPhones: fits.texts,
  city: fits.nullableText(128),
  companyName: fits.nullableText(64),
  country: fits.nullableText(128),
  department: fits.nullableText(64),
  employeeId: fits.nullableText(16),
  givenName: fits.nullableText(64),
  jobTitle: fits.nullableText(128),
  mailNickname: fits.text(64, 1),
  mobilePhone: fits.nullableText(64),
  officeLocation: fits.nullableText(128),
  onPremisesImmutableId: fits.nullableText(256),
  passwordPolicies: fits.nullableText(64),
  postalCode: fits.nullableText(40),
  preferredLanguage: fits.nullableText(64),
  state: fits.nullableText(128),
  streetAddress: fits.nullableText(1024),
  surname: fits.nullableText(64),
  usageLocation: fits.nullableText(2),
}

/** https://learn.microsoft.com/graph/api/resources/user#properties */
const checks = {
  ...details,
  accountEnabled: fits.flag,
  displayName: fits.text(256, 1),
  mail: fits.nullableText(256),
  otherMails: fits.texts,
  passwordProfile: fits.object,
  userPrincipalName: (value: unknown) => /^[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+$/.test(String(value)),
  userType: (value: unknown) => value === 'Member' || value === 'Guest',
}

/** `/users…`: by object id, by user principal name, or filtered. */
export function users(
  context: GraphContext,
  request: GraphRequest,
  key: Key | undefined,
  rest: RelationshipPath,
): GraphResponse {
  const { directory } = context
  if (key === undefined || key.value === '$count') {
    if (request.method === 'POST' && key === undefined) return createUser(context, request)
    demandRead(request)
    request.rights.demand('listUsers')
    const all = directory.users().map(showUser)
    return key ? respondWithCount(request, all, userType) : respondWithMany(request, all, userType, 'users')
  }
  return rest.length > 0 ? relationship(directory, request, key, rest) : userItem(directory, request, key)
}

function relationship(
  directory: DirectoryStore,
  request: GraphRequest,
  key: Key,
  rest: RelationshipPath,
): GraphResponse {
  request.rights.demand(['readUser', 'listMembers'])
  const user = findUser(directory, key.value)
  return memberGroups(directory, request, user.id, rest) ?? memberships(directory, request, user.id, rest)
}

function userItem(directory: DirectoryStore, request: GraphRequest, key: Key): GraphResponse {
  if (request.method === 'GET') {
    request.rights.demand('readUser')
    return respondWithOne(request, showUser(findUser(directory, key.value)), userType, 'users/$entity')
  }
  const user = findUser(directory, key.value)
  const target = { kind: 'User', value: user } as const
  if (request.method === 'DELETE') {
    request.rights.demand('deleteUser', target)
    directory.remove(target)
    return noContent
  }
  if (request.method !== 'PATCH') throw refusals.noMethod(request.method)
  request.rights.demand('changeUser', target)
  const body = readKnown(objectBody(request), checks, 'User')
  const name = body['userPrincipalName']
  if (name !== undefined) demandName(directory, textOf(name), user)
  directory.update(user, { ...user, ...propertiesOf(body, user) })
  return noContent
}

function findUser(directory: DirectoryStore, idOrName: string): User {
  const wanted = idOrName.toLowerCase()
  const user = directory
    .users()
    .find(
      (candidate) =>
        candidate.id.toLowerCase() === wanted || candidate.userPrincipalName.toLowerCase() === wanted,
    )
  if (!user) throw refusals.notFound(idOrName)
  return user
}

/** https://learn.microsoft.com/graph/api/user-post-users */
function createUser({ directory, clock, identifiers }: GraphContext, request: GraphRequest): GraphResponse {
  request.rights.demand('createUser')
  const body = readKnown(objectBody(request), checks, 'User')
  const required = ['accountEnabled', 'displayName', 'mailNickname', 'passwordProfile', 'userPrincipalName']
  demandAll(body, required, 'User')
  const userPrincipalName = textOf(body['userPrincipalName'])
  demandName(directory, userPrincipalName, undefined)
  const user: User = {
    id: identifiers.uuid(),
    displayName: textOf(body['displayName']),
    userPrincipalName,
    mail: null,
    userType: 'Member',
    createdDateTime: clock.now().toISOString(),
    ...propertiesOf(body, undefined),
  }
  directory.add({ kind: 'User', value: user })
  return respondWithOne(request, showUser(user), userType, 'users/$entity', 201)
}

function propertiesOf(body: Readonly<Record<string, unknown>>, before: User | undefined): Partial<User> {
  const { passwordProfile, ...others } = body
  const own = Object.entries(others).filter(([name]) => !Object.hasOwn(details, name))
  const detailed = Object.entries(others).filter(([name]) => Object.hasOwn(details, name))
  const password = passwordOf(passwordProfile)
  return {
    ...Object.fromEntries(own),
    details: { ...before?.details, ...Object.fromEntries(detailed) },
    ...(password !== undefined && { password }),
  }
}

/** At least eight characters of three kinds. @throws GraphError 400 */
function passwordOf(profile: unknown): string | undefined {
  if (profile === undefined || profile === null) return undefined
  const { password } = { password: undefined, ...profile }
  if (password === undefined) return undefined
  const text = textOf(password)
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text)).length
  if (text.length >= 8 && text.length <= 256 && kinds >= 3) return text
  throw refusals.badRequest(
    'The specified password does not comply with password complexity requirements. Please provide a different password.',
  )
}

function demandName(directory: DirectoryStore, name: string, user: User | undefined): void {
  const { domain } = directory.state
  if (!name.toLowerCase().endsWith(`@${domain.toLowerCase()}`)) {
    throw refusals.badRequest(
      'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.',
    )
  }
  const other = directory.state.users.find(
    ({ userPrincipalName }) => userPrincipalName.toLowerCase() === name.toLowerCase(),
  )
  if (other !== undefined && other !== user) {
    throw refusals.badRequest(
      'Another object with the same value for property userPrincipalName already exists.',
    )
  }
}
