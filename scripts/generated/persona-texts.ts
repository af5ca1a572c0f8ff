// What the documents say of personas, from the table of personas and the catalogue.
import { coreTeamGrants } from '../../src/access/core-team-grants.ts'
import {
  customRolesOf,
  type PrincipalKind,
  permissionsOf,
  principalKind,
} from '../../src/access/custom-roles.ts'
import { grantsIn } from '../../src/access/persona-grants.ts'
import { commonCatalogue, commonChoices } from '../../src/catalog/common/index.ts'
import { choiceOf, choicesOf, everything, type ProjectGrant, partsOf } from '../../src/catalog/contents.ts'
import { productKeys, productPersonas } from '../../src/catalog/personas.ts'
import { folderRules, type LakeRole } from '../../src/lake/matrix.ts'
import { resolvePersonas } from '../../src/manifest/personas.ts'
import { type Environment, environments } from '../../src/vocabulary.ts'

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const code = (text: string): string => `\`${text}\``
const listed = (texts: readonly string[]): string => texts.join(', ') || '–'

/** The product's personas, with nothing said in factory.yml. */
const factoryIn = (environment: Environment) => ({
  environment,
  personas: resolvePersonas({}, environment),
  subscriptionId: '00000000-0000-0000-0000-000000000000',
})

const ownRoles = (environment: Environment): ReadonlySet<PrincipalKind> =>
  new Set(
    customRolesOf(factoryIn(environment), { customRole: (title) => title }).map(({ principal }) => principal),
  )

/** All personas with their keys, and what the known accelerator calls them. */
export function personaList(): string {
  const rows = [...productKeys('project'), ...productKeys('coreTeam')].map((key) => {
    const { title, description, group, codes, projectTypes, kind } = productPersonas[key]
    const start = kind === 'coreTeam' && projectTypes.length > 0 ? 'always' : listed(projectTypes.map(code))
    return [code(key), title, description, code(group), start, codes.join(', ')]
  })
  const people = table(
    ['Key', 'Title', 'Does', 'In names of groups', 'Has its group from the start in', 'Accelerator'],
    rows,
  )
  const processes = table(
    ['Process', 'Does', 'Signs in as', 'Accelerator'],
    productKeys('process').map((key) => {
      const { title, description, identity, codes } = productPersonas[key]
      return [title, description, code(identity), listed(codes)]
    }),
  )
  return `${people}\n\nProcesses are no people:\n\n${processes}`
}

/** What each persona may do in a project, by what it is about and where. */
export function projectRights(): string {
  const rows = productKeys('project').flatMap((key) =>
    environments.flatMap((environment) => {
      const grants = grantsIn(factoryIn(environment), everything())
      const own = grants.filter(({ to }) => 'persona' in to && to.persona === key)
      return rowsOf(productPersonas[key].title, `persona:${key}`, own, environment)
    }),
  )
  return table(['Persona', 'Environment', 'On', 'May do what these roles let do', 'Assigned as'], rows)
}

/** The same for the identities that every project has. */
export function processRights(): string {
  const identities = [
    ['projectPipeline', 'projectIdentity'],
    ['application', 'appsIdentity'],
  ] as const
  const rows = identities.flatMap(([key, identity]) => {
    const grants = grantsIn(factoryIn('dev'), everything())
    const own = grants.filter(({ to }) => 'identity' in to && to.identity === identity)
    return rowsOf(productPersonas[key].title, `identity:${identity}`, own, 'dev').map(
      ([who = '', , ...rest]) => [who, ...rest],
    )
  })
  return table(['Process', 'On', 'May do what these roles let do', 'Assigned as'], rows)
}

function rowsOf(
  who: string,
  kind: PrincipalKind,
  grants: readonly ProjectGrant[],
  environment: Environment,
): readonly (readonly string[])[] {
  const titleOf = (grant: ProjectGrant): string =>
    choicesOf().find(({ key }) => key === choiceOf(grant, choicesOf()))?.title ?? titleOfPart(grant.on)
  const isJoined = (grant: ProjectGrant): boolean =>
    permissionsOf(grant.role) !== undefined &&
    grant.on !== 'machineLearningRegistry' &&
    ownRoles(environment).has(principalKind(grant)) &&
    principalKind(grant) === kind
  return [...Map.groupBy(grants, titleOf)].map(([title, own]) => {
    const byName = own.filter((grant) => !isJoined(grant))
    return [
      who,
      environment,
      title,
      listed([...new Set(own.map(({ role }) => role))]),
      byName.length === own.length ? 'these roles' : "part of the factory's own role",
    ]
  })
}

/** What the part is called that has a resource. */
const titleOfPart = (resource: string): string =>
  [...partsOf(everything()), ...Object.values(commonCatalogue.parts)].find(({ resources }) =>
    Object.hasOwn(resources, resource),
  )?.title ?? resource

/** What the core team may do in the common area. */
export function coreTeamRightsTable(): string {
  const rows = environments.flatMap((environment) =>
    coreTeamGrants(factoryIn(environment)).map(({ persona, role, on }) => {
      const title = commonChoices.find(({ offers }) =>
        offers.some((one) => one.role === role && one.on === on),
      )?.title
      const isJoined = ownRoles(environment).has(`coreTeam:${persona}`)
      return [
        factoryIn(environment).personas.find(({ key }) => key === persona)?.title ?? persona,
        environment,
        title ?? on,
        role,
        isJoined ? "part of the factory's own role" : 'this role',
      ]
    }),
  )
  return table(['Persona', 'Environment', 'On', 'May do what this role lets do', 'Assigned as'], rows)
}

/** What each persona may do in the folders of a project in the data lake. */
export function lakeRights(): string {
  const roles: readonly LakeRole[] = [
    ...productKeys('project'),
    ...productKeys('coreTeam'),
    'projectIdentity',
  ]
  const header = ['Folder', 'Environment', ...roles.map(code)]
  const rows = folderRules.flatMap(({ folder, rights }) =>
    environments.map((environment) => [
      folder === '' ? "the project's folder" : code(folder),
      environment,
      ...roles.map((role) => rights[environment][role] ?? ''),
    ]),
  )
  return table(header, rows)
}

/** What factory.yml can choose from, by key. */
export function rightsChoices(): string {
  const rows = [
    ...choicesOf().map((choice) => ['projects', choice] as const),
    ...commonChoices.map((choice) => ['core team', choice] as const),
  ].map(([whose, { key, title, offers }]) => [
    code(key),
    title,
    whose,
    listed([...new Set(offers.map(({ role }) => role))]),
  ])
  return table(['Key', 'What it is about', 'For personas of', 'Roles to choose from'], rows)
}
