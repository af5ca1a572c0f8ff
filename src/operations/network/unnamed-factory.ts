import type { FactoryManifest } from '../../manifest/load.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

const environment = {
  subscriptionId: nobody,
  clientId: nobody,
  network: { addressSpace: ['10.0.0.0/8'] },
}

/** A factory that says no more than it must: what it is called and where it is changes nothing of how much it takes. */
export const unnamedFactory: FactoryManifest = {
  file: 'factory.yml',
  at: () => ({ file: 'factory.yml', line: 1, column: 1 }),
  document: {
    version: 1,
    name: 'factory',
    instance: '001',
    location: 'swedencentral',
    locationCode: 'sdc',
    salt: 'aaaaa',
    tenantId: nobody,
    environments: { dev: environment, stage: environment, prod: environment },
  },
}
