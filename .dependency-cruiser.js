import { operationRules, partRules, purePath } from './scripts/import-rules.ts'

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...partRules,
    ...operationRules,
    {
      name: 'pure-code-has-no-sdk',
      severity: 'error',
      from: { path: purePath, pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm'], pathNot: 'node_modules/(zod|yaml)/' },
    },
    {
      name: 'pure-code-has-no-node-modules',
      severity: 'error',
      from: { path: purePath, pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|path)$' },
    },
    {
      name: 'actions-do-not-know-each-other',
      severity: 'error',
      from: { path: '^actions/([^/]+)/' },
      to: { path: '^actions/', pathNot: '^actions/$1/' },
    },
    {
      name: 'product-does-not-know-the-sandbox',
      severity: 'error',
      from: { path: '^(src|actions)/' },
      to: { path: '^(sandbox|judge|demo|test|scripts|bench|live)/' },
    },
    {
      name: 'sandbox-imports-nothing-of-the-product',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^(src|actions|demo|judge|live)/' },
    },
    {
      name: 'judge-knows-only-the-sandbox',
      severity: 'error',
      from: { path: '^judge/' },
      to: { path: '^(src|actions|demo|live)/' },
    },
    {
      name: 'no-unlisted-dependency',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'product-uses-no-dev-dependency',
      severity: 'error',
      from: { path: '^(src|actions)/', pathNot: '\\.test\\.ts$|^src/testing/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'only-tests-use-what-is-for-tests',
      severity: 'error',
      from: { path: '^(src|actions)/', pathNot: '\\.test\\.ts$|^src/testing/' },
      to: { path: '^src/testing/' },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(actions/[^/]+/dist|build|out)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
}
