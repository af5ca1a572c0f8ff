import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { find, read } from './documents.ts'

const root = path.join(import.meta.dirname, '..', '..')
const documents = find(
  '*.md',
  'docs/**/*.md',
  'actions/*/README.md',
  'workflows-templates/**/*.md',
  '{sandbox,judge,demo,live,bench}/**/*.md',
)

/** A document without its code, in which brackets mean something else. */
const prose = (file: string): string =>
  read(file)
    .replaceAll(/^```.*?^```$/gms, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ''))

/** Links to files of this repository, and to headings. */
const linksOf = (file: string): readonly string[] =>
  [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))

/**
 * What a heading is reached by on GitHub.
 * https://docs.github.com/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links
 */
const anchorOf = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-')

const anchorsOf = (file: string): readonly string[] =>
  [
    ...read(file)
      .replaceAll(/^```.*?^```$/gms, '')
      .matchAll(/^#{1,6} (.+)$/gm),
  ].map(([, heading = '']) => anchorOf(heading))

function isBroken(file: string, link: string): boolean {
  const [to = '', anchor] = link.split('#')
  const target = to === '' ? file : path.join(path.dirname(file), decodeURIComponent(to))
  if (!existsSync(path.join(root, target))) return true
  return anchor !== undefined && !anchorsOf(target).includes(anchor)
}

describe('links between documents lead to files and headings that are there', () => {
  test.each(documents)('%s', (file) => {
    expect(linksOf(file).filter((link) => isBroken(file, link))).toEqual([])
  })

  test('of which there are some, to headings too', () => {
    const links = documents.flatMap(linksOf)
    expect(links.filter((link) => /\.md$/.test(link))).not.toEqual([])
    expect(links.filter((link) => link.includes('#'))).not.toEqual([])
  })
})
