import { groupTitle } from './access.ts'
import type { EnvironmentFacts } from './facts.ts'
import { type Content, html, type Markup } from './html.ts'
import type { FolderAccess, FolderAcl } from './outputs.ts'
import { badge, bounded, code, folded, matrix, moreLine, scrolling } from './parts.ts'

const mostFolders = 80
const mostPeople = 20
const mostEntries = 40

/** What rights on a folder come to, in words. */
const words: Readonly<Record<string, { readonly text: string; readonly style: string }>> = {
  rwx: { text: 'read, write', style: 'write' },
  'r-x': { text: 'read', style: 'read' },
  '--x': { text: 'pass through', style: 'pass' },
}

/** The folders of the project in the data lake: the effective access, and the access control lists behind it. */
export function lakeSection(facts: EnvironmentFacts): Markup | undefined {
  const { acl, effectiveAccess, title } = facts
  if (acl === undefined && effectiveAccess === undefined) return undefined
  return html`<section class="block">
<h3>Data lake</h3>
<p class="lead">Effective access to each folder, the folders above it included.</p>
${effectiveAccess && effectiveMatrix(effectiveAccess, title)}
${acl && folded('The access control lists, entry by entry', aclTable(acl, namesOf(facts), title))}
</section>`
}

function effectiveMatrix(access: readonly FolderAccess[], title: string): Markup {
  const { shown: people, more: morePeople } = bounded([...new Set(access.map(({ who }) => who))], mostPeople)
  const { shown: paths, more: morePaths } = bounded([...new Set(access.map(({ path }) => path))], mostFolders)
  const cellOf = (path: string, who: string): Content => {
    const entry = access.find((each) => each.path === path && each.who === who)
    return entry === undefined ? noAccess : rightsCell(entry)
  }
  const caption = `Effective access to the folders of ${title}`
  const table = matrix({
    caption,
    style: 'matrix folders',
    headings: ['Folder', ...people.map(sentenceCase)],
    rows: paths.map((path) => ({
      heading: folderName(path),
      cells: people.map((who) => cellOf(path, who)),
    })),
  })
  return html`${scrolling(caption, table)}${moreLine(morePeople + morePaths)}`
}

const sentenceCase = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
const noAccess = html`<span class="none"><span class="hidden">no access</span></span>`
const folderName = (path: string): Markup => code(path === '' ? '/' : path)

function rightsCell({ rights, wanted, blockedAt }: FolderAccess): Markup {
  const known = words[rights]
  const shown =
    rights === '---'
      ? noAccess
      : html`<span class="right ${known?.style ?? 'pass'}" title="${rights}">${known?.text ?? rights}</span>`
  const stopped =
    blockedAt === undefined ? '' : ` stopped at ${blockedAt === '' ? 'the root' : `‘${blockedAt}’`};`
  return rights === wanted ? shown : html`${shown} ${badge(`${stopped} should be ${wanted}`.trim(), 'bad')}`
}

/** Names by lower-case object id. */
export type PrincipalNames = ReadonlyMap<string, string>

/** What the object ids in access control lists are called. */
export function namesOf({ groups = [], effectiveAccess = [] }: EnvironmentFacts): PrincipalNames {
  return new Map([
    ...effectiveAccess.map(({ id, who }) => [id.toLowerCase(), sentenceCase(who)] as const),
    ...groups
      .filter(({ id }) => id !== '')
      .map((group) => [group.id.toLowerCase(), groupTitle(group)] as const),
  ])
}

function aclTable(acl: readonly FolderAcl[], names: PrincipalNames, title: string): Markup {
  const { shown, more } = bounded(acl, mostFolders)
  const caption = `Access control lists in ${title}`
  const table = matrix({
    caption,
    style: 'list acl',
    headings: ['Folder', 'Holds for', 'Entries', 'Default entries (inherited)'],
    rows: shown.map(({ path, recursive, access, default: inherited }) => ({
      heading: folderName(path),
      cells: [
        recursive ? 'the folder and everything in it' : 'the folder itself',
        entryList(access, names),
        sameEntries(access, inherited) ? 'the same' : entryList(inherited, names),
      ],
    })),
  })
  return html`${scrolling(caption, table)}${moreLine(more)}`
}

const sameEntries = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((entry, index) => entry === other[index])

function entryList(entries: readonly string[], names: PrincipalNames): Content {
  if (entries.length === 0) return html`<span class="soft">none</span>`
  const { shown, more } = bounded(entries, mostEntries)
  return html`<ul class="plain entries">${shown.map((entry) => html`<li>${entryLine(entry, names)}</li>`)}</ul>${moreLine(more)}`
}

/** The entries that name nobody. */
const unnamed: Readonly<Record<string, string>> = {
  user: 'Owner',
  group: 'Owning group',
  mask: 'At most (mask)',
  other: 'Everybody else',
}

/** One entry, `type:id:rights`, with the name of whom it is about. */
function entryLine(entry: string, names: PrincipalNames): Markup {
  const [type = '', id = '', rights = ''] = entry.split(':')
  const who = id === '' ? unnamed[type] : names.get(id.toLowerCase())
  return html`<code class="rights">${rights}</code> <span title="${entry}">${who ?? html`${type} ${code(id)}`}</span>`
}
