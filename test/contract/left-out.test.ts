import { describe, expect, test } from '@jest/globals'
import { type LeftOut, leftOut, neededAfterAll, standIn, standInFile } from '../../scripts/left-out.ts'

const browser: LeftOut = {
  name: 'browser',
  importedBy: '@contoso/sign-in/interactive.js',
  exports: ['default', 'start'],
  purpose: 'sign-in in a browser',
}

describe('a package that is left out of the bundles', () => {
  const text = standIn(browser, () => '')
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

describe('a package of which a part is left out', () => {
  const text = standIn(
    {
      name: '@contoso/storage',
      stays: { index: '@contoso/storage/esm/index.js', without: /Checksum/ },
      exports: ['Checksum'],
      purpose: 'checksums',
    },
    () =>
      'export * from "./Checksum.js";\nexport { cache } from "./cache.js";\n//# sourceMappingURL=index.js.map',
  )

  test('keeps its other exports, each from its own module', () => {
    expect(text.match(/^export .* from .*$/gm)).toEqual([
      'export { cache } from "../../node_modules/@contoso/storage/esm/cache.js";',
    ])
  })

  test('says what is missing when that part is used', () => {
    const run = new Function(`${text.replaceAll(/^export.*$/gm, '')}; missing()`)
    expect(run).toThrow("A part of the package '@contoso/storage' (checksums) is not part of this bundle.")
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

  test('not when only a part of it is left out, whoever imports the rest', () => {
    const { importedBy: _any, ...partly } = browser
    expect(neededAfterAll(stats('./src/report.js'), 'left-out', [partly])).toEqual([])
  })

  test('not when it is not in the bundle at all', () => {
    expect(neededAfterAll(stats(), 'left-out', leftOut)).toEqual([])
  })
})
