import { byKey } from '../../src/by-key.ts'
import { serviceKeys } from '../../src/catalog/index.ts'
import type { Acl } from '../../src/lake/acl.ts'
import type { LakePrincipals } from '../../src/lake/desired.ts'
import { decideCommonParts } from '../../src/manifest/common-parts.ts'
import { resolvePersonas } from '../../src/manifest/personas.ts'
import type { ResolvedProject } from '../../src/manifest/resolved.ts'
import type { Environment } from '../../src/vocabulary.ts'

/** A readable object id: `id('a1')`. */
export const id = (suffix: string): string => `00000000-0000-4000-8000-${suffix.padStart(12, '0')}`

/** The groups and the identity of a project. */
export const principalsOf = (project: string): LakePrincipals => ({
  roles: resolvePersonas({}, 'dev'),
  personas: {
    lead: id(`a1${project}`),
    dataScientist: id(`a2${project}`),
    aiEngineer: id(`a3${project}`),
    dataEngineer: id(`a4${project}`),
    frontendDeveloper: id(`a5${project}`),
  },
  projectIdentity: id(`b1${project}`),
  coreTeam: { itAdmin: id('c1'), dataOps: id('c2') },
  traversal: id('d1'),
})
export const principals = principalsOf('001')

/** The root of a container as Azure makes it. */
export const newRoot: Acl = {
  access: [
    { type: 'user', rights: 'rwx' },
    { type: 'group', rights: 'r-x' },
    { type: 'other', rights: '---' },
  ],
  defaults: [],
}

/** A project that has nothing special. */
export function project(
  environment: Environment = 'dev',
  number = '001',
  traversal: 'group' | 'other' = 'group',
): ResolvedProject {
  return {
    factory: {
      name: 'mrvel',
      instance: '001',
      location: 'swedencentral',
      locationCode: 'sdc',
      salt: 'a1b2c',
      tenantId: id('e1'),
      tags: {},
      accessMode: 'private-peered',
      allowedIps: [],
      dns: { mode: 'standalone' },
      lake: { container: 'lake3', traversal },
      sharedContainerRegistry: true,
      servicesOff: [],
      common: decideCommonParts({}, environment, {
        dns: 'standalone',
        virtualNetworkId: undefined,
        sharedContainerRegistry: true,
      }),
      commonAt: (path: string) => ({ file: `common.${path}`, line: 1, column: 1 }),
      sharedRegistryMode: 'LegacyRegistryPermissions',
      roles: 'custom',
      personas: resolvePersonas({}, environment),
      members: { foreign: 'keep', invite: false },
      coreTeam: { itAdmin: [], dataOps: [] },
      environment,
      subscriptionId: id('e2'),
      clientId: id('e3'),
      identities: {},
      network: {
        source: { kind: 'factory', addressSpace: ['172.16.0.0/16'] },
        reserved: [],
        profile: 'standard',
        bringYourOwn: [],
        others: [],
        onPremises: [],
        at: (path) => ({ file: path, line: 1, column: 1 }),
      },
      at: (path) => ({ file: path, line: 1, column: 1 }),
    },
    environment,
    number,
    name: 'rag-chat',
    type: 'genai-1',
    description: 'Answers questions',
    owner: 'anna@contoso.example',
    costCenter: '1234',
    services: byKey(serviceKeys, () => ({ enabled: false })),
    subnets: {},
    subnetSettings: {},
    subnetSettingAt: () => ({ file: '', line: 1, column: 1 }),
    subnetProfile: 'standard',
    team: { lead: [], dataScientist: [], aiEngineer: [], dataEngineer: [], frontendDeveloper: [] },
    at: () => ({ file: 'aifactory/projects/prj001.yml', line: 1, column: 1 }),
  }
}
