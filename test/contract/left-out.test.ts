import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import {
  type LeftOutPackage,
  leftOutPackages,
  type PackageInPart,
  packagesInPart,
} from '../../scripts/left-out.ts'
import { neededAfterAll, standInFile, standInOfModule, standInOfPackage } from '../../scripts/stand-ins.ts'
import { read } from './documents.ts'

const browser: LeftOutPackage = {
  name: 'browser',
  importedBy: '@contoso/sign-in/interactive.js',
  exports: ['default', 'start'],
  purpose: 'sign-in in a browser',
}

describe('a package that is left out of the bundles', () => {
  const text = standInOfPackage(browser)
  const load = (): Promise<Record<string, never>> =>
    import(`data:text/javascript,${encodeURIComponent(text)}`)

  test('can be imported', async () => {
    expect(Object.keys(await load()).sort()).toEqual(['default', 'start'])
  })

  test.each([
    ['called', 'start()'],
    ['constructed', 'new start()'],
    ['asked for a member', 'start.first'],
  ])('says what is missing when it is %s', (_how, use) => {
    const run = new Function(`${text.replace(/^export.*$/m, '')}; const start = missing; ${use}`)
    expect(run).toThrow("The package 'browser' (sign-in in a browser) is not part of this bundle.")
  })
})

describe('a module of a package that is left out of the bundles', () => {
  const storage: PackageInPart = {
    name: '@contoso/storage',
    index: 'esm/index.js',
    without: ['esm/checksums.js'],
    purpose: 'checksums',
  }
  const code = `
    import { table } from './table.js'
    export class Checksum {}
    export function checksumOf() {}
    export const first = 1, second = 2
    const inside = 3
    export { inside as third }
    export { decode, encode as write } from './coding.js'
    export * as tables from './table.js'
    export default class Stream {}`
  const text = standInOfModule(storage, 'esm/checksums.js', code)
  const use = (script: string) => new Function(`${text.replace(/^export.*$/m, '')}; ${script}`)

  test('exports all that the module exports', async () => {
    const module: object = await import(`data:text/javascript,${encodeURIComponent(text)}`)
    const names = [
      'Checksum',
      'checksumOf',
      'decode',
      'default',
      'first',
      'second',
      'tables',
      'third',
      'write',
    ]
    expect(Object.keys(module).sort()).toEqual(names)
  })

  test('can be constructed by those who do not use it', () => {
    expect(use('new missing()')).not.toThrow()
  })

  test.each([
    ['called', 'missing()'],
    ['asked for a member', 'missing.first'],
    ['constructed and used', 'new missing().read()'],
  ])('says what is missing when it is %s', (_how, script) => {
    expect(use(script)).toThrow(
      "'esm/checksums.js' of the package '@contoso/storage' (checksums) is not part of this bundle.",
    )
  })

  test('must say by itself what it exports', () => {
    expect(() => standInOfModule(storage, 'esm/checksums.js', "export * from './coding.js'")).toThrow(
      "export * from './coding.js'",
    )
  })

  test.each(packagesInPart)('can stand in for each of $name', (left) => {
    for (const module of left.without) {
      const code = read(path.join('node_modules', left.name, module))
      expect(standInOfModule(left, module, code)).toMatch(/export \{ missing as \w/)
    }
  })
})

describe('a package is bundled after all', () => {
  const stats = (...importers: readonly string[]): object => ({
    modules: [
      { nameForCondition: '/here/build/actions/deploy/main.js', reasons: [] },
      {
        nameForCondition: `/here/build/left-out/${standInFile(browser)}`,
        reasons: importers.map((resolvedModule) => ({ resolvedModule })),
      },
    ],
  })
  const signIn = '../node_modules/@contoso/sign-in/interactive.js'

  test('not when nobody imports it but the module that was looked at', () => {
    expect(neededAfterAll(stats(signIn, signIn), 'left-out', [browser])).toEqual([])
  })

  test('when somebody else imports it too', () => {
    expect(neededAfterAll(stats(signIn, './src/report.js'), 'left-out', [browser])).toEqual([browser])
  })

  test('not when it is not in the bundle at all', () => {
    expect(neededAfterAll(stats(), 'left-out', leftOutPackages)).toEqual([])
  })
})
