// Packages that the SDKs bring along for what no action does. A bundle gets a stand-in of some hundred bytes for each
// of them, as long as nobody but the named module imports it. Should one be reached all the same, the stand-in says so.
import { bundledFiles } from './bundle-stats.ts'

/** A package that bundles can do without. */
export interface LeftOut {
  readonly name: string
  /** The only module that may import it, below node_modules; when others do, the package itself is bundled. Absent: any may. */
  readonly importedBy?: string
  /** Absent when all of the package is left out. */
  readonly stays?: {
    /** The module of the package, below node_modules, that exports its parts: one statement a line. */
    readonly index: string
    /** Lines of it that go. A module that is exported there is bundled even when nobody uses it. */
    readonly without: RegExp
  }
  /** What anybody here takes from it; webpack refuses to bundle an import that is not there. */
  readonly exports: readonly string[]
  /** What would need it. */
  readonly purpose: string
}

/** All of them. */
export const leftOut: readonly LeftOut[] = [
  {
    name: 'undici',
    importedBy: '@actions/http-client/lib/index.js',
    exports: ['ProxyAgent', 'fetch'],
    purpose: 'requests of @actions/github through a proxy; @actions/core asks for OIDC tokens without it',
  },
  {
    name: '@actions/exec',
    importedBy: '@actions/core/lib/platform.js',
    exports: ['getExecOutput'],
    purpose: 'which operating system the runner has',
  },
  {
    name: 'jsonwebtoken',
    importedBy: '@azure/msal-node/dist/client/ClientAssertion.mjs',
    exports: ['default'],
    purpose: 'sign-in with a certificate',
  },
  {
    name: '@azure/msal-node',
    stays: {
      index: '@azure/msal-node/dist/index.mjs',
      without: /ManagedIdentity|PublicClientApplication|DistributedCachePlugin|internals|PromptValue/,
    },
    exports: [
      'ManagedIdentityApplication',
      'ManagedIdentitySourceNames',
      'PublicClientApplication',
      'DistributedCachePlugin',
      'internals',
      'PromptValue',
      'ResponseMode',
    ],
    purpose: 'sign-in as the identity of a virtual machine, and of people other than by the Azure CLI',
  },
  {
    name: 'open',
    importedBy: '@azure/identity/dist/esm/msal/nodeFlows/msalClient.js',
    exports: ['default', 'apps'],
    purpose: 'sign-in in a browser',
  },
  {
    name: 'apache-arrow',
    importedBy: '@azure/storage-blob/dist/esm/utils/blobListArrowParser.js',
    exports: ['tableFromIPC'],
    purpose: 'lists of blobs in the Arrow format',
  },
  {
    name: '@azure/storage-common',
    stays: {
      index: '@azure/storage-common/dist/esm/indexPlatform.js',
      without: /StructuredMessage|StorageCRC64Calculator/,
    },
    exports: [
      'StorageCRC64Calculator',
      'structuredMessageDecodingBrowser',
      'structuredMessageDecodingStream',
      'structuredMessageEncoding',
    ],
    purpose: 'checksums of content that is sent or fetched; folders and their access control lists have none',
  },
  {
    name: 'fast-xml-builder',
    importedBy: 'fast-xml-parser/src/xmlbuilder/json2xml.js',
    exports: ['default'],
    purpose: 'requests with a body in XML, which the data lake does not take',
  },
]

/**
 * The module that stands for a package: its exports fail as soon as somebody uses one.
 * @param read the text of a file below node_modules
 */
export function standIn({ name, stays, exports, purpose }: LeftOut, read: (file: string) => string): string {
  const part = stays === undefined ? 'The package' : 'A part of the package'
  const message = `${part} '${name}' (${purpose}) is not part of this bundle.`
  return [
    ...(stays === undefined ? [] : exportsThatStay(stays, read)),
    `const fail = () => { throw new Error(${JSON.stringify(message)}) }`,
    'const missing = new Proxy(function () {}, { get: fail, apply: fail, construct: fail })',
    `export { ${exports.map((name) => `missing as ${name}`).join(', ')} }`,
    '',
  ].join('\n')
}

const exportsThatStay = (
  { index, without }: NonNullable<LeftOut['stays']>,
  read: (file: string) => string,
): readonly string[] =>
  read(index)
    .split('\n')
    .filter((line) => line.startsWith('export ') && !without.test(line))
    .map((line) =>
      line.replace(/(["'])\.\//, `$1../../node_modules/${index.slice(0, index.lastIndexOf('/'))}/`),
    )

/** The file of a package's stand-in, in the folder of all of them. */
export const standInFile = ({ name }: LeftOut): string => `${name.replaceAll('/', '-')}.js`

/**
 * Those that a bundle cannot do without: others than the named module import them too.
 * @param stats webpack's statistics of the bundle
 * @param folder of the stand-ins
 */
export function neededAfterAll(
  stats: unknown,
  folder: string,
  candidates: readonly LeftOut[],
): readonly LeftOut[] {
  const files = bundledFiles(stats)
  return candidates.filter(
    (candidate) =>
      candidate.importedBy !== undefined &&
      files
        .filter(({ file }) => file.endsWith(`/${folder}/${standInFile(candidate)}`))
        .flatMap(({ importers }) => importers)
        .some((importer) => !importer.endsWith(`node_modules/${candidate.importedBy}`)),
  )
}
