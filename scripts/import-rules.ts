// The direction of imports: what each part of the product is made of, and which parts it may import. Everything that is not
// said here is refused (.dependency-cruiser.js), and the picture in docs/architecture.md is drawn from it.

/** Files without a folder of their own: the words and values that everything is about. */
const words = [
  'src/vocabulary.ts',
  'src/by-key.ts',
  'src/json.ts',
  'src/cidr.ts',
  'src/guid.ts',
  'src/resource-id.ts',
  'src/role-condition.ts',
  'src/role-permissions.ts',
  'src/tags.ts',
]

/** One part of the product. Its folders do not import one another. */
interface Part {
  /** Folders, or files as they are. */
  readonly folders: readonly string[]
  readonly does: string
  /** The parts that it may import. */
  readonly may: readonly string[]
  /** It knows no SDK, no clock, no environment, no file. */
  readonly pure: boolean
}

/** The parts, from the top down. */
export const parts: Readonly<Record<string, Part>> = {
  actions: {
    folders: ['actions'],
    does: 'inputs, a few lines each',
    may: ['operations', 'runtime', 'domain', 'words', 'diagnostics'],
    pure: false,
  },
  operations: {
    folders: ['src/operations'],
    does: 'one use case each: read, decide, guard, apply, report',
    may: ['report', 'azure', 'domain', 'plan', 'manifest', 'catalog', 'naming', 'words', 'diagnostics'],
    pure: false,
  },
  report: {
    folders: ['src/report'],
    does: 'one page about a delivery',
    may: ['domain', 'plan', 'manifest', 'catalog', 'naming', 'words', 'diagnostics'],
    pure: true,
  },
  runtime: {
    folders: ['src/runtime'],
    does: 'the runner: inputs, outputs, log',
    may: ['plan', 'words', 'diagnostics'],
    pure: false,
  },
  azure: {
    folders: ['src/azure'],
    does: 'clients for ARM, Graph and DFS',
    may: ['words', 'diagnostics'],
    pure: false,
  },
  domain: {
    folders: ['src/compose', 'src/access', 'src/lake', 'src/network', 'src/request', 'src/setup'],
    does: 'decides: what a project is, who may do what, which subnet goes where, what set-up makes',
    may: ['plan', 'manifest', 'catalog', 'naming', 'words', 'diagnostics'],
    pure: true,
  },
  plan: {
    folders: ['src/plan'],
    does: 'one model of change',
    may: ['words', 'diagnostics'],
    pure: true,
  },
  manifest: {
    folders: ['src/manifest'],
    does: 'both documents, read and resolved',
    may: ['catalog', 'naming', 'words', 'diagnostics'],
    pure: true,
  },
  catalog: {
    folders: ['src/catalog'],
    does: 'services, one file each, and facts of Azure',
    may: ['naming', 'words', 'diagnostics'],
    pure: true,
  },
  naming: {
    folders: ['src/naming'],
    does: 'renders names from rules',
    may: ['words', 'diagnostics'],
    pure: true,
  },
  words: {
    folders: words,
    does: 'vocabulary, CIDR, resource ids',
    may: ['diagnostics'],
    pure: true,
  },
  diagnostics: {
    folders: ['src/diagnostics'],
    does: 'errors, faults, escaping',
    may: [],
    pure: true,
  },
}

const escaped = (folder: string): string => folder.replaceAll('.', '\\.')
/** A folder, or a file as it is. */
const pattern = (folder: string): string => (folder.endsWith('.ts') ? `${escaped(folder)}$` : `${folder}/`)
const anyOf = (folders: readonly string[]): string => `^(${folders.map(pattern).join('|')})`
const foldersOf = (names: readonly string[]): readonly string[] =>
  names.flatMap((name) => parts[name]?.folders ?? [])

/** Matches every file of a pure part. */
export const purePath = anyOf(foldersOf(Object.keys(parts).filter((name) => parts[name]?.pure)))

/** The rules that follow, for dependency-cruiser: one for each folder. Words may import one another. */
export const partRules = Object.entries(parts).flatMap(([name, { folders, may }]) =>
  folders.map((folder) => ({
    name: `${folder.replace('src/', '')}-imports-what-it-may`,
    severity: 'error',
    from: { path: anyOf([folder]), pathNot: '\\.test\\.ts$' },
    to: {
      path: '^(src|actions)/',
      pathNot: anyOf([...(name === 'words' ? folders : [folder]), ...foldersOf(may)]),
    },
  })),
)

const operations = 'src/operations'

/**
 * The folders of the operations, from the top down: each may import those below it, so that they form no circle. The files
 * beside them are for all, and import none of them.
 */
const operationFolders: readonly string[] = [
  'setup',
  'modes',
  'audit',
  'common',
  'check',
  'area',
  'provision',
  'destroy',
  'stack',
  'removal',
  'network',
  'access',
  'lake',
  'newest',
  'report',
  'request',
]

/** One rule for each of these folders, and one for the files beside them. A folder that is not listed is imported by none. */
export const operationRules = [
  ...operationFolders.map((folder, index) => ({
    name: `operations-${folder}-imports-what-is-below-it`,
    severity: 'error',
    from: { path: anyOf([`${operations}/${folder}`]), pathNot: '\\.test\\.ts$' },
    to: {
      path: `^${operations}/[^/]+/`,
      pathNot: anyOf(operationFolders.slice(index).map((below) => `${operations}/${below}`)),
    },
  })),
  {
    name: 'operations-share-files-that-import-no-folder',
    severity: 'error',
    from: { path: `^${operations}/[^/]+\\.ts$`, pathNot: '\\.test\\.ts$' },
    to: { path: `^${operations}/[^/]+/` },
  },
]
