import type { FactoryManifest } from '../../manifest/load.ts'

const anyGuid = '00000000-0000-0000-0000-000000000000'

const environment = {
  subscriptionId: anyGuid,
  network: { addressSpace: ['10.0.0.0/8'] },
}

/** A factory with required values only: its name and location do not change how much a project takes. */
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
    tenantId: anyGuid,
    environments: { dev: environment, stage: environment, prod: environment },
  },
}
