import { documentOf, type FactoryManifest, loadFactory } from '../../src/manifest/load.ts'
import { type Environment, environments } from '../../src/vocabulary.ts'

/** A factory.yml with these environments. @param extra More lines of YAML */
export function factoryText(extra = '', present: readonly Environment[] = environments): string {
  const oneEnvironment = (environment: Environment): string => `  ${environment}:
    subscriptionId: 22222222-2222-2222-2222-222222222222
    clientId: 33333333-3333-3333-3333-333333333333
    network: { addressSpace: [172.${16 + environments.indexOf(environment)}.0.0/16] }
`
  return `version: 1
name: mrvel
instance: "001"
location: swedencentral
locationCode: sdc
salt: a1b2c
tenantId: 11111111-1111-1111-1111-111111111111
tags: { costCenter: "9999" }
${extra}environments:
${present.map(oneEnvironment).join('')}`
}

/** That factory, loaded. */
export const exampleFactory = (extra = '', present: readonly Environment[] = environments): FactoryManifest =>
  documentOf(loadFactory(factoryText(extra, present), 'aifactory/factory.yml'))
