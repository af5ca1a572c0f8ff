// The direction of imports, as the architecture draws it: actions -> operations -> domain -> (catalog, naming, manifest),
// the domain pure, the doors to the outside ignorant of factories, the sandbox independent of the product.
const pure =
  '^src/(vocabulary|by-key|json|cidr|resource-id|diagnostics|naming|catalog|manifest|compose|access|lake|network|request|plan)'

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'naming-is-a-leaf',
      severity: 'error',
      from: { path: '^src/naming/' },
      to: { path: '^src/', pathNot: '^src/(naming/|vocabulary|by-key|json|cidr|resource-id|diagnostics)' },
    },
    {
      name: 'catalog-knows-only-naming',
      severity: 'error',
      from: { path: '^src/catalog/' },
      to: {
        path: '^src/',
        pathNot: '^src/(catalog/|naming/|vocabulary|by-key|json|cidr|resource-id|diagnostics)',
      },
    },
    {
      name: 'manifest-knows-only-catalog-and-naming',
      severity: 'error',
      from: { path: '^src/manifest/' },
      to: {
        path: '^src/',
        pathNot: '^src/(manifest/|catalog/|naming/|vocabulary|by-key|json|cidr|resource-id|diagnostics)',
      },
    },
    {
      name: 'domain-knows-only-what-lies-below',
      severity: 'error',
      from: { path: '^src/(compose|access|lake|network|request)/' },
      to: { path: '^src/(azure|runtime|operations)/' },
    },
    {
      name: 'domains-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/(compose|access|lake|network|request)/' },
      to: { path: '^src/(compose|access|lake|network|request)/', pathNot: '^src/$1/' },
    },
    {
      name: 'pure-code-has-no-sdk',
      severity: 'error',
      from: { path: pure, pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm'], pathNot: 'node_modules/(zod|yaml)/' },
    },
    {
      name: 'pure-code-has-no-node-modules',
      severity: 'error',
      from: { path: pure, pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|path)$' },
    },
    {
      name: 'azure-knows-nothing-of-factories',
      severity: 'error',
      from: { path: '^src/azure/' },
      to: { path: '^src/', pathNot: '^src/(azure/|json|cidr|resource-id|diagnostics)' },
    },
    {
      name: 'diagnostics-is-at-the-bottom',
      severity: 'error',
      from: { path: '^src/diagnostics/' },
      to: { path: '^src/', pathNot: '^src/(diagnostics/|json)' },
    },
    {
      name: 'nothing-climbs-back-to-the-actions',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^actions/' },
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
      to: { path: '^(sandbox|demo|test|scripts|bench)/' },
    },
    {
      name: 'sandbox-imports-nothing-of-the-product',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^(src|actions|demo)/' },
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
      from: { path: '^(src|actions)/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev'] },
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
