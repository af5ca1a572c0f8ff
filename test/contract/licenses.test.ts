import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { bundledPackages, licensesText } from '../../scripts/bundled-licenses.ts'
import { find, read } from './documents.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'licenses-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A package as it is installed, with its package.json and these other files. */
function installed(name: string, more: object, files: Readonly<Record<string, string>> = {}): string {
  const place = path.join(folder, 'node_modules', name)
  mkdirSync(place, { recursive: true })
  writeFileSync(
    path.join(place, 'package.json'),
    JSON.stringify({ name, version: '1.0.0', license: 'MIT', ...more }),
  )
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(place, file), text)
  return place
}

describe('the licences of what a bundle is made of', () => {
  const everywhere = ['@actions/core', 'tunnel', 'yaml', 'zod']
  const octokit = ['undici', '@octokit/core', '@octokit/request', '@octokit/plugin-rest-endpoint-methods']

  test.each(find('actions/*/action.yml').map((file) => path.dirname(file)))('are with %s', (action) => {
    const text = read(`${action}/dist/licenses.txt`)
    const headings = [...text.matchAll(/^={80}\n(\S+) \d\S*\n\S/gm)].map(([, name]) => name)
    const wanted = action.endsWith('/project-request') ? [...everywhere, ...octokit] : everywhere
    expect(headings).toEqual(expect.arrayContaining(wanted))
    // Words that several packages share stand once, below the headings and copyrights of all of them.
    const sections = text.split(/(?<=\n)\n(?=={80}\n)/)
    const words =
      /permission is hereby granted, free of charge|permission to use, copy, modify|redistribution and use|terms and conditions for use/i
    expect(sections.filter((section) => !words.test(section))).toEqual([])
  })

  test('come from all modules, those that were joined and those of a package in a package included', () => {
    const stats = {
      modules: [
        {
          nameForCondition: '/here/build/main.js',
          modules: [{ nameForCondition: '/here/node_modules/zod/a.js' }],
        },
        { nameForCondition: '/here/node_modules/@actions/core/lib/core.js' },
        { nameForCondition: '/here/node_modules/@actions/core/lib/command.js' },
        { nameForCondition: '/here/node_modules/a/node_modules/b/index.js' },
        { nameForCondition: null },
      ],
    }
    expect(bundledPackages(stats)).toEqual([
      '/here/node_modules/zod',
      '/here/node_modules/@actions/core',
      '/here/node_modules/a/node_modules/b',
    ])
  })

  test('are not taken for none when the account of the modules is empty', () => {
    expect(() => bundledPackages({ modules: [] })).toThrow('modules')
  })

  test('are the same text in whatever order the packages come', () => {
    const one = installed('one', {}, { LICENSE: 'First words.\r\n' })
    const two = installed(
      'two',
      { license: 'ISC' },
      { 'LICENSE.md': 'Second words.', 'NOTICE.txt': 'Notice.' },
    )
    const line = '='.repeat(80)
    const text = `${line}\none 1.0.0\nMIT\n\nFirst words.\n\n${line}\ntwo 1.0.0\nISC\n\nSecond words.\n\nNotice.\n`
    expect(licensesText([one, two])).toBe(text)
    expect(licensesText([two, one, two])).toBe(text)
  })

  test('are once what packages share word for word, below all of their names', () => {
    const [first, second] = ['first', 'second'].map((name) => installed(name, {}, { LICENSE: 'Same words.' }))
    const line = '='.repeat(80)
    expect(licensesText([second ?? '', first ?? ''])).toBe(
      `${line}\nfirst 1.0.0\nMIT\n${line}\nsecond 1.0.0\nMIT\n\nSame words.\n`,
    )
  })

  test('must be there: a package without one stops the build', () => {
    const silent = installed('silent', {})
    const unnamed = installed('unnamed', { license: undefined }, { LICENSE: 'Words.' })
    expect(() => licensesText([silent, unnamed])).toThrow('silent 1.0.0, unnamed 1.0.0')
  })

  test('are those of a sibling when a package of the same repository forgot its own', () => {
    const repository = { url: 'https://github.com/contoso/many.git' }
    const complete = installed('complete', { repository }, { LICENSE: 'Our words.' })
    const forgetful = installed('forgetful', { repository })
    const foreign = installed('foreign', { repository, license: 'ISC' })
    const line = '='.repeat(80)
    expect(licensesText([forgetful, complete])).toBe(
      `${line}\ncomplete 1.0.0\nMIT\n${line}\nforgetful 1.0.0\nMIT\n\nOur words.\n`,
    )
    expect(() => licensesText([foreign, complete])).toThrow('foreign 1.0.0')
  })
})
