// What the SDKs bring along for what no action does: packages, and modules of packages. A bundle gets a stand-in of some
// hundred bytes for each (stand-ins.ts). Should one be reached all the same, the stand-in says so.

/** A package that bundles can do without, as long as nobody but the named module imports it. */
export interface LeftOutPackage {
  readonly name: string
  /** The only module that may import it, below node_modules; when others do, the package itself is bundled. */
  readonly importedBy: string
  /** What anybody here takes from it; webpack refuses to bundle an import that is not there. */
  readonly exports: readonly string[]
  /** What would need it. */
  readonly purpose: string
}

/** A package of which bundles need a part. The rest of the package may construct what these modules export, no more. */
export interface PackageInPart {
  readonly name: string
  /** The module of the package that is imported by its name. */
  readonly index: string
  /** The modules that are left out, and with them what only they import. */
  readonly without: readonly string[]
  /** What would need them. */
  readonly purpose: string
}

/** All packages that are left out. */
export const leftOutPackages: readonly LeftOutPackage[] = [
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
    name: 'open',
    importedBy: '@azure/identity/dist/esm/msal/nodeFlows/msalClient.js',
    exports: ['default', 'apps'],
    purpose: 'sign-in in a browser',
  },
  {
    name: 'fast-xml-builder',
    importedBy: 'fast-xml-parser/src/xmlbuilder/json2xml.js',
    exports: ['default'],
    purpose: 'requests with a body in XML, which the data lake does not take',
  },
]

/** All packages of which a part is left out. */
export const packagesInPart: readonly PackageInPart[] = [
  {
    name: '@azure/identity',
    index: 'dist/esm/index.js',
    without: ['dist/esm/credentials/defaultAzureCredential.js'],
    purpose: 'sign-in in whatever way is found',
  },
  {
    name: '@azure/msal-node',
    index: 'dist/index.mjs',
    without: [
      'dist/internals.mjs',
      'dist/cache/distributed/DistributedCachePlugin.mjs',
      'dist/client/ManagedIdentityApplication.mjs',
      'dist/client/OnBehalfOfClient.mjs',
      'dist/client/PublicClientApplication.mjs',
      'dist/client/UserFederatedIdentityCredentialClient.mjs',
      'dist/client/UsernamePasswordClient.mjs',
    ],
    purpose: 'sign-in as the identity of a virtual machine, and of people other than by the Azure CLI',
  },
  {
    name: '@azure/storage-blob',
    index: 'dist/esm/index.js',
    without: [
      'dist/esm/BlobBatch.js',
      'dist/esm/BlobBatchClient.js',
      'dist/esm/BlobLeaseClient.js',
      'dist/esm/Clients.js',
      'dist/esm/ContainerClient.js',
      'dist/esm/generated/src/operations/appendBlob.js',
      'dist/esm/generated/src/operations/blob.js',
      'dist/esm/generated/src/operations/blockBlob.js',
      'dist/esm/generated/src/operations/container.js',
      'dist/esm/generated/src/operations/pageBlob.js',
      'dist/esm/generated/src/operations/service.js',
      'dist/esm/sas/AccountSASSignatureValues.js',
      'dist/esm/sas/BlobSASSignatureValues.js',
    ],
    purpose: 'requests to the endpoint of blobs; folders and their access control lists have another',
  },
  {
    name: '@azure/storage-file-datalake',
    index: 'dist/esm/index.js',
    without: [
      'dist/esm/DataLakeLeaseClient.js',
      'dist/esm/generated/src/operations/service.js',
      'dist/esm/sas/AccountSASSignatureValues.js',
      'dist/esm/sas/DataLakeSASSignatureValues.js',
    ],
    purpose: 'leases, lists of containers, shared access signatures',
  },
  {
    name: '@azure/storage-common',
    index: 'dist/esm/index.js',
    without: [
      'dist/esm/StorageCRC64Calculator.js',
      'dist/esm/StructuredMessageDecodingStream.js',
      'dist/esm/StructuredMessageEncodingStream.js',
    ],
    purpose: 'checksums of content that is sent or fetched; folders and their access control lists have none',
  },
  {
    name: '@microsoft/microsoft-graph-client',
    index: 'lib/es/src/index.js',
    without: [
      'lib/es/src/content/BatchRequestContent.js',
      'lib/es/src/content/BatchResponseContent.js',
      'lib/es/src/middleware/ChaosHandler.js',
      'lib/es/src/tasks/LargeFileUploadTask.js',
      'lib/es/src/tasks/OneDriveLargeFileUploadTask.js',
      'lib/es/src/tasks/PageIterator.js',
    ],
    purpose:
      'uploads, batches of writes, tests of disturbances; pages and batches of reads are followed here',
  },
]
