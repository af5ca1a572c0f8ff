// The licences of what a bundle is made of: most of them ask that they go along with the code. ncc's own --license sees
// neither ES modules that were joined into one nor what they import, so the packages are taken from webpack's statistics.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { bundledFiles } from './bundle-stats.ts'

const packageSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().optional(),
  repository: z.union([z.string(), z.object({ url: z.string() }).transform(({ url }) => url)]).optional(),
  author: z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]).optional(),
})

const folderName = 'node_modules/'
const legalFile = /^(licen[cs]e|copying|notice|third[-_]?party[-_]?notices?)([._-].*)?$/i

/**
 * Packages that say "MIT" and who wrote them, but whose words are neither in the package nor in its repository. For
 * these, looked at one by one, the standard words stand; https://github.com/nodable/val-parsers is the first.
 */
const mitWithoutWords: readonly string[] = ['@nodable/entities']

/** The folder of the package that a file belongs to; empty when it is our own. */
function packageFolder(file: string): string {
  const start = file.lastIndexOf(folderName)
  if (start === -1) return ''
  const inside = start + folderName.length
  const [first = '', second = ''] = file.slice(inside).split('/')
  return file.slice(0, inside) + (first.startsWith('@') ? `${first}/${second}` : first)
}

/**
 * The folders of all packages of which there is code in a bundle.
 * @param stats webpack's statistics of it
 */
export function bundledPackages(stats: unknown): readonly string[] {
  const folders = bundledFiles(stats).map(({ file }) => packageFolder(file))
  return [...new Set(folders.filter((folder) => folder !== ''))]
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** The package's own licence and notices. */
function legalText(folder: string): string {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && legalFile.test(entry.name))
    .map(({ name }) => name)
    .sort(byCodeUnits)
  return files
    .map((file) => readFileSync(path.join(folder, file), 'utf8').replaceAll(/\r\n?/g, '\n').trim())
    .filter((text) => text !== '')
    .join('\n\n')
}

function standardMit(author: string): string {
  const file = path.join(import.meta.dirname, 'licenses', 'mit.txt')
  const [title, ...words] = readFileSync(file, 'utf8').split('\n')
  return [title, '', `Copyright (c) ${author}`, ...words].join('\n').trim()
}

interface Licensed {
  /** Name and version. */
  readonly heading: string
  readonly license: string | undefined
  readonly repository: string | undefined
  readonly text: string
}

function describePackage(folder: string): Licensed {
  const description: unknown = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  const { name, version, license, repository, author } = packageSchema.parse(description)
  const own = legalText(folder)
  const hasNoWords = own === '' && license === 'MIT' && mitWithoutWords.includes(name)
  const text = hasNoWords && author !== undefined ? standardMit(author) : own
  return { heading: `${name} ${version}`, license, repository, text }
}

/** A package that forgot its licence has that of its siblings: packages of the same repository, under the same licence. */
function withSiblingsText(found: Licensed, all: readonly Licensed[]): Licensed {
  if (found.text !== '' || found.repository === undefined) return found
  const sibling = all.find(
    ({ text, repository, license }) =>
      text !== '' && repository === found.repository && license === found.license,
  )
  return sibling === undefined ? found : { ...found, text: sibling.text }
}

/**
 * The licences of these packages as one text: name and version, the name of the licence, its words. The same packages
 * give the same text on every machine, in whatever order and place they are.
 * @param folders of packages
 * @throws Error that names the packages of which the licence, or its words, is not known
 */
export function licensesText(folders: readonly string[]): string {
  const named = new Map(folders.map(describePackage).map((found) => [found.heading, found]))
  const sorted = [...named.values()].sort((a, b) => byCodeUnits(a.heading, b.heading))
  const packages = sorted.map((found) => withSiblingsText(found, sorted))
  const silent = packages.filter(({ license, text }) => license === undefined || text === '')
  if (silent.length > 0) {
    throw new Error(
      `No licence, or no text of it, is in ${silent.map(({ heading }) => heading).join(', ')}. It may not be handed on like this: use another package.`,
    )
  }
  // Many have the very same words: these stand once, below all of them and their notices.
  return [...Map.groupBy(packages, ({ text }) => sameWords(text))]
    .map(([, same]) => {
      const headings = same.map(
        ({ heading, license, text }) =>
          `${'='.repeat(80)}\n${[heading, license, ...noticesIn(text)].join('\n')}\n`,
      )
      return `${headings.join('')}\n${wordsIn(same[0]?.text ?? '')}\n`
    })
    .join('\n')
}

const notice = /^[ \t]*Copyright\b.*$/gim

/** Who holds the copyright: the lines of a licence that differ from package to package. */
const noticesIn = (text: string): readonly string[] => (text.match(notice) ?? []).map((line) => line.trim())

/** A licence without these lines. */
const wordsIn = (text: string): string =>
  text
    .replaceAll(notice, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()

/** Lines are broken in different places, quotes are set as asterisks, and some have a title. */
const sameWords = (text: string): string =>
  wordsIn(text)
    .replace(/^\(?(?:The )?MIT License(?: \(MIT\))?\)?$/im, '')
    .replaceAll(/[^a-z]+/gi, ' ')
    .trim()
    .toLowerCase()
