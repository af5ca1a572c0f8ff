import { productPersonas } from '../catalog/personas.ts'
import type { EnvironmentFacts } from './facts.ts'
import { type Content, html, type Markup } from './html.ts'
import type { Assignment, Group } from './outputs.ts'
import { bounded, code, counted, matrix, moreLine, scrolling } from './parts.ts'
import { parseResourceId } from './resource-id.ts'
import { kindOf } from './resource-kinds.ts'

const mostGroups = 40
const mostPrincipals = 16
const mostScopes = 80
const mostMembers = 60

const titles: ReadonlyMap<string, string> = new Map([
  ...Object.entries(productPersonas).flatMap(([key, { kind, title }]) => [
    [`${kind === 'project' ? 'persona' : kind}:${key}`, title] as const,
  ]),
  ['lakeTraversal', 'Data lake traversal'],
])

/** How people call a group. */
export const groupTitle = ({ key, name }: Group): string => titles.get(key) ?? name

/** Groups with their members, and who holds which role on what: people first, then identities. */
export function accessSection(facts: EnvironmentFacts): Markup | undefined {
  const { groups = [], assignments = [], title } = facts
  if (facts.groups === undefined && facts.assignments === undefined) return undefined
  const ofGroups = new Set(groups.map(({ name }) => name))
  const people = assignments.filter(({ principal }) => ofGroups.has(principal))
  const identities = assignments.filter(({ principal }) => !ofGroups.has(principal))
  const personaGroups = groups.filter(({ key }) => key.startsWith('persona:'))
  return html`<section class="block">
<h3>People and roles</h3>
<p class="lead">People are in groups. Groups and identities hold the roles.</p>
<h4>Groups</h4>
${groupsTable(groups, title)}
<h4>What people may do</h4>
${rolesMatrix(people, principalsOf(people, personaGroups), `Roles of people in ${title}`)}
<h4>What identities may do</h4>
${rolesMatrix(identities, identityPrincipals(identities, facts), `Roles of identities in ${title}`)}
</section>`
}

function groupsTable(groups: readonly Group[], title: string): Markup {
  const { shown, more } = bounded(groups, mostGroups)
  const table = matrix({
    caption: `Groups of the project in ${title}`,
    style: 'list',
    headings: ['Group', 'Members', 'Name in Entra'],
    rows: shown.map((group) => ({
      heading: groupTitle(group),
      cells: [membersOf(group), code(group.name)],
    })),
  })
  return html`${table}${moreLine(more)}`
}

function membersOf({ key, members }: Group): Content {
  if (key === 'lakeTraversal')
    return html`<span class="soft">the groups and identities of all projects</span>`
  if (members.length === 0) return html`<span class="soft">nobody yet</span>`
  const { shown, more } = bounded(members, mostMembers)
  return html`${shown.map((member) => html`<span class="chip person">${member}</span> `)}${more === 0 ? undefined : `and ${more} more`}`
}

/** A column of a matrix: who holds roles. */
interface Principal {
  readonly name: string
  readonly heading: Content
}

/** The groups of the project, those without any role included: that they have none is worth seeing. */
function principalsOf(assignments: readonly Assignment[], always: readonly Group[]): readonly Principal[] {
  const known = new Set(always.map(({ name }) => name))
  const others = [...new Set(assignments.map(({ principal }) => principal))].filter(
    (name) => !known.has(name),
  )
  return [
    ...always.map((group) => ({ name: group.name, heading: groupTitle(group) })),
    ...others.map((name) => ({ name, heading: code(name) })),
  ]
}

function identityPrincipals(
  assignments: readonly Assignment[],
  { resources = [] }: EnvironmentFacts,
): readonly Principal[] {
  const kinds = new Map(
    resources.flatMap((id) => {
      const resource = parseResourceId(id)
      return resource === undefined ? [] : [[resource.name, kindOf(resource.type).title] as const]
    }),
  )
  return [...new Set(assignments.map(({ principal }) => principal))].map((name) => ({
    name,
    heading: html`${kinds.get(name) ?? 'Identity'} ${code(name)}`,
  }))
}

/** Who (columns) holds which role on what (rows). */
function rolesMatrix(
  assignments: readonly Assignment[],
  principals: readonly Principal[],
  caption: string,
): Markup {
  if (principals.length === 0 || assignments.length === 0) return html`<p class="note">No roles.</p>`
  const { shown: columns, more: moreColumns } = bounded(principals, mostPrincipals)
  const scopes = [...new Set(assignments.map(({ scope }) => scope))]
  const { shown: rows, more: moreRows } = bounded(scopes, mostScopes)
  const rolesOf = (principal: string, scope: string): Content => {
    const roles = assignments.filter((each) => each.principal === principal && each.scope === scope)
    if (roles.length === 0) return html`<span class="none"><span class="hidden">no role</span></span>`
    return html`<ul class="plain">${roles.map(({ role }) => html`<li class="role">${role}</li>`)}</ul>`
  }
  const table = matrix({
    caption,
    headings: ['On', ...columns.map(({ heading }) => heading)],
    rows: rows.map((scope) => ({
      heading: scopeName(scope),
      cells: columns.map(({ name }) => rolesOf(name, scope)),
    })),
  })
  const left = moreColumns + moreRows
  return html`${scrolling(caption, table)}${left === 0 ? undefined : html`<p class="note">… and ${counted(left, 'more row or column', 'more rows and columns')}.</p>`}`
}

function scopeName(scope: string): Content {
  const resource = parseResourceId(scope)
  if (resource === undefined) return code(scope)
  return html`${kindOf(resource.type).title} ${code(resource.name)}`
}
