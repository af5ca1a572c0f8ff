import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { environments } from '../../src/vocabulary.ts'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { chain, type Factory, openFactory, type Run } from './support/factory.ts'
import { manifestOf } from './support/repository.ts'
import { log } from './support/transcript.ts'

const exampleRequest = readFileSync(
  path.join(import.meta.dirname, '..', '..', 'demo', 'example-request.md'),
  'utf8',
).replace('rag-chat', 'manuals')

const page = (runs: readonly Run[]): string => runs.map(({ transcript }) => transcript).join('\n')
const notices = (runs: readonly Run[]): readonly string[] =>
  runs.map((run) => log(run).find((line) => line.startsWith('::notice')) ?? 'no notice')
const changed = (runs: readonly Run[]): readonly (string | undefined)[] =>
  runs.map(({ outputs }) => outputs['changed'])

/**
 * A step signs in with four calls in a row at most: which cloud it is, GitHub's token, and for each API that it asks, side
 * by side, the addresses and the token.
 */
function expectFewSignIns({ signIns, requests }: Run): void {
  const count = (end: string): number => signIns.filter((label) => label.endsWith(end)).length
  // Deployments are a part of their own in the sandbox, and belong to Azure Resource Manager.
  const apis = new Set(requests.map(({ area }) => (area === 'deployments' ? 'arm' : area))).size
  const ends = ['metadata/endpoints', 'token/token', '.well-known/openid-configuration', 'v2.0/token']
  expect(ends.map(count)).toEqual([1, 1, apis, apis])
  expect(signIns).toHaveLength(2 + 2 * apis)
}

/** Delivers, and delivers again: the second time writes nothing and leaves everything as it is. */
async function deliverTwice(factory: Factory, project: string): Promise<readonly Run[]> {
  const first = await factory.deliver(project, 'dev')
  expect(first.map(({ exitCode }) => exitCode)).toEqual(chain.map(() => 0))
  expect(changed(first)).toEqual(['false', 'true', 'true', 'true', 'true', 'false'])
  const before = azureState(factory.sandbox)
  const second = await factory.deliver(project, 'dev')
  expect(second.flatMap(({ writes }) => writes)).toEqual([])
  expect(changed(second)).toEqual(chain.map(() => 'false'))
  expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)
  for (const run of [...first, ...second]) expectFewSignIns(run)
  return second
}

describe('an issue', () => {
  test.concurrent('becomes a private project in dev, and a second delivery changes nothing', async () => {
    const factory = await openFactory({ bundles: true })
    const requested = await factory.request(exampleRequest)
    expect(requested.transcript).toMatchInlineSnapshot(`
      "project-request apply
        | The author's permission is not checked, because there is no 'token'.
        | ::notice::Project 004 (manuals): aifactory/projects/prj004.yml was written.
        exit code 0"
    `)
    const project = requested.outputs['project'] ?? ''
    expect(JSON.parse(requested.outputs['environments'] ?? '')).toEqual(environments)

    expect(page(await factory.deliver(project, 'dev'))).toMatchInlineSnapshot(`
      "provision-project check
        GET     200
        POST   $batch 200 ×N
        GET    22222222-2222-2222-2222-222222222201 resourcegroups 200
        GET    capabilityHosts 404 ×N
        POST   checkDomainAvailability 200
        POST   checkNameAvailability 200 ×N
        GET    containers lake3 200
        HEAD   databaseAccountNames cosmos-prj004-sdc-dev-a1b2c-001 404
        GET    deletedAccounts 200
        GET    deletedVaults 200
        GET    denyAssignments 200
        GET    deploymentStacks 200
        GET    deploymentStacks mrvel-esml-project004-sdc-dev-001 404
        HEAD   lake getAccessControl / 200
        GET    locks 200
        GET    models 200
        GET    mrvel-esml-project004-sdc-dev-001-rg 404 ×N
        GET    networkSecurityGroups 404 ×N
        GET    policyAssignments 200
        GET    policyExemptions 200
        GET    privateDnsZones 200 ×N
        GET    privateEndpoints 404 ×N
        GET    registries 200 ×N
        GET    roleAssignments 200 ×N
        GET    roleDefinitions 200 ×N
        GET    storageAccounts mrvela1b2cesml001dev 200
        GET    usages 200 ×N
        POST   validate 200
        GET    virtualNetworks 200 ×N
        GET    workspaces la-cmn-sdc-dev-a1b2c-001 200
        | ::add-mask::***
        | Checking the delivery of project 004 to dev
        | ::warning::12 of the 12 roles of the factory's own do not exist in dev, so several roles of Azure are assigned to each principal instead. This project takes 50 role assignments of the 4,000 that a subscription can have, and 14 with the factory's own roles. Run 'npm run setup -- aifactory/factory.yml' as an administrator of the factory, and the next delivery moves over; where the tenant forbids custom roles, say 'roles: builtin' in factory.yml.
        | ::notice::Project 004 in dev: check: 0 faults, 1 warning, 0 not checked.
        exit code 0
      ip-calc reserve
        GET    networkSecurityGroups 404 ×N
        GET    permissions 200
        GET    virtualNetworks vnt-esmlcmn-sdc-dev-001 200
        PUT    networkSecurityGroups aca2-nsg-prj004-sdc-dev 201
        PUT    subnets snt-prj004-aca-002 201
        PUT    networkSecurityGroups genai-nsg-prj004-sdc-dev 201
        PUT    subnets snt-prj004-genai 201
        | ::add-mask::***
        | N/N Create network security group aca2-nsg-prj004-sdc-dev
        | N/N Create subnet snt-prj004-aca-002
        | N/N Create network security group genai-nsg-prj004-sdc-dev
        | N/N Create subnet snt-prj004-genai
        | ::notice::2 of 2 subnets created (snt-prj004-genai 172.16.61.128/25, snt-prj004-aca-002 172.16.62.0/23) in VNet vnt-esmlcmn-sdc-dev-001.
        exit code 0
      provision-project apply
        GET    accounts aif2a1b2c004001dev 404
        GET    capabilityHosts 404 ×N
        GET    deploymentStacks mrvel-esml-project004-sdc-dev-001 404
        DELETE deploymentStacksWhatIfResults mrvel-esml-project004-sdc-dev-001- 200
        GET    deploymentStacksWhatIfResults mrvel-esml-project004-sdc-dev-001- 200
        PUT    deploymentStacksWhatIfResults mrvel-esml-project004-sdc-dev-001- 201
        GET    deployments 404
        GET    models 200
        GET    mrvel-esml-project004-sdc-dev-001-rg 404 ×N
        GET    networkSecurityGroups 200 ×N
        GET    permissions 200
        GET    privateEndpointConnections 404 ×N
        GET    privateEndpoints 404 ×N
        GET    projects aif2-p004001dev 404
        GET    registries acrcommona1b2csdc001dev 200
        GET    roleAssignments 200 ×N
        GET    roleDefinitions 200
        GET    searchServices aisearchprj004sdcdeva1b2c001 404
        GET    sqlRoleAssignments 404
        GET    usages 200
        GET    userAssignedIdentities 404 ×N
        POST   validate 200
        GET    virtualNetworks vnt-esmlcmn-sdc-dev-001 200
        POST   whatIf 202
        GET    workspaces aml-004-sdc-dev-a1b2c-001 404
        PUT    mrvel-esml-project004-sdc-dev-001-rg 201
        PUT    userAssignedIdentities 201 ×N
        PUT    roleAssignments 201 ×N
        PUT    deploymentStacks mrvel-esml-project004-sdc-dev-001 201
        PUT    roleAssignments 201 ×N
        PUT    sqlRoleAssignments 202 ×N
        | ::add-mask::***
        | Validating the template
        | Running what-if
        | N/N Create resource group mrvel-esml-project004-sdc-dev-001-rg
        | N/N Create identity … ×N
        | N/N Assign role … ×N
        | N/N Confirm the role assignments
        | N/N Deploy mrvel-esml-project004-sdc-dev-001-rg: N to add, 0 to change, 0 to destroy
        | N/N Approve pending private endpoint connections
        | N/N Assign role … ×N
        | N/N Confirm the role assignments
        | ::notice::Project 004 in dev: resources: N added, 0 changed, 0 destroyed.
        exit code 0
      add-member apply
        POST   $batch 200 ×N
        GET    deploymentStacks mrvel-esml-project004-sdc-dev-001 200
        GET    permissions 200
        GET    registries acrcommona1b2csdc001dev 200
        GET    roleAssignments 200 ×N
        GET    roleDefinitions 200
        GET    roleEligibilitySchedules 200
        GET    sqlRoleAssignments 200
        GET    userAssignedIdentities mi-prj004-sdc-dev-a1b2c-001 200
        POST   groups 201 ×N
        PATCH  groups 204 ×N
        PUT    roleAssignments 201 ×N
        PUT    sqlRoleAssignments 202 ×N
        | ::add-mask::***
        | Reading groups, members and role assignments
        | N/N Create group … ×N
        | N/N Add 1 member to group aif001sdc_mrvela1b2c_prj004_dev_team_lead
        | N/N Add 2 members to group aif001sdc_mrvela1b2c_prj004_dev_ai_engineer
        | N/N Add 1 member to group aif001sdc_mrvela1b2c_coreteam_dev_it_admin
        | N/N Add 7 members to group aif001sdc_mrvela1b2c_lake_dev_traversal
        | N/N Assign role … ×N
        | N/N Confirm the role assignments
        | ::notice::Project 004 in dev: groups and roles: N added, 0 changed, 0 destroyed.
        exit code 0
      datalake-acl apply
        POST   $batch 200 ×N
        HEAD   lake getAccessControl 200 ×N
        HEAD   lake getAccessControl 404 ×N
        GET    permissions 200 ×N
        GET    storageAccounts mrvela1b2cesml001dev 200
        GET    userAssignedIdentities mi-prj004-sdc-dev-a1b2c-001 200
        PATCH  lake setAccessControl 200 ×N
        PUT    lake directory /projects/project004 201
        PATCH  lake setAccessControl /projects/project004 200
        PUT    lake directory 201 ×N
        PATCH  lake setAccessControl 200 ×N
        | ::add-mask::***
        | Reading the folders of the project
        | N/N Set ACL … ×N
        | N/N Create folder 'projects/project004'
        | N/N Set ACL of folder 'projects/project004'
        | N/N Create folder … ×N
        | N/N Set ACL … ×N
        | ::notice::Project 004 in dev: data lake: N added, N changed, 0 destroyed.
        exit code 0
      ip-calc release-unneeded
        GET    networkSecurityGroups 200
        GET    virtualNetworks vnt-esmlcmn-sdc-dev-001 200
        | ::add-mask::***
        | ::notice::Nothing to release in VNet vnt-esmlcmn-sdc-dev-001.
        exit code 0"
    `)
    expect(page(await factory.deliver(project, 'dev'))).toMatchInlineSnapshot(`
      "provision-project check
        GET     200
        POST   $batch 200 ×N
        GET    22222222-2222-2222-2222-222222222201 resourcegroups 200
        GET    capabilityHosts 200 ×N
        GET    containers lake3 200
        GET    denyAssignments 200
        GET    deploymentStacks 200 ×N
        GET    deployments 200
        HEAD   lake getAccessControl / 200
        GET    locks 200
        GET    models 200
        GET    mrvel-esml-project004-sdc-dev-001-rg 200 ×N
        GET    networkSecurityGroups 200 ×N
        GET    policyAssignments 200
        GET    policyExemptions 200
        GET    privateDnsZoneGroups 200 ×N
        GET    privateDnsZones 200 ×N
        GET    privateEndpoints 200 ×N
        GET    registries 200 ×N
        GET    roleAssignments 200 ×N
        GET    roleDefinitions 200 ×N
        GET    storageAccounts mrvela1b2cesml001dev 200
        GET    usages 200
        POST   validate 200
        GET    virtualNetworks 200 ×N
        GET    workspaces la-cmn-sdc-dev-a1b2c-001 200
        | ::add-mask::***
        | Checking the delivery of project 004 to dev
        | ::warning::12 of the 12 roles of the factory's own do not exist in dev, so several roles of Azure are assigned to each principal instead. This project takes 50 role assignments of the 4,000 that a subscription can have, and 14 with the factory's own roles. Run 'npm run setup -- aifactory/factory.yml' as an administrator of the factory, and the next delivery moves over; where the tenant forbids custom roles, say 'roles: builtin' in factory.yml.
        | ::notice::Project 004 in dev: check: 0 faults, 1 warning, 0 not checked.
        exit code 0
      ip-calc reserve
        GET    networkSecurityGroups 200 ×N
        GET    virtualNetworks vnt-esmlcmn-sdc-dev-001 200
        | ::add-mask::***
        | ::notice::Both subnets exist. Nothing was changed in VNet vnt-esmlcmn-sdc-dev-001.
        exit code 0
      provision-project apply
        GET    accounts aif2a1b2c004001dev 200
        GET    capabilityHosts 200 ×N
        GET    deploymentStacks mrvel-esml-project004-sdc-dev-001 200
        DELETE deploymentStacksWhatIfResults mrvel-esml-project004-sdc-dev-001- 200
        GET    deploymentStacksWhatIfResults mrvel-esml-project004-sdc-dev-001- 200
        PUT    deploymentStacksWhatIfResults mrvel-esml-project004-sdc-dev-001- 201
        GET    deployments 200
        GET    models 200
        GET    mrvel-esml-project004-sdc-dev-001-rg 200 ×N
        GET    networkSecurityGroups 200 ×N
        GET    privateDnsZoneGroups 200 ×N
        GET    privateEndpointConnections 200 ×N
        GET    privateEndpoints 200 ×N
        GET    projects aif2-p004001dev 200
        GET    registries acrcommona1b2csdc001dev 200
        GET    roleAssignments 200 ×N
        GET    roleDefinitions 200
        GET    searchServices aisearchprj004sdcdeva1b2c001 200
        GET    sqlRoleAssignments 200
        GET    usages 200
        GET    userAssignedIdentities 200 ×N
        POST   validate 200
        GET    virtualNetworks vnt-esmlcmn-sdc-dev-001 200
        POST   whatIf 202
        GET    workspaces aml-004-sdc-dev-a1b2c-001 404
        | ::add-mask::***
        | Validating the template
        | Running what-if
        | ::notice::Project 004 in dev: resources: no changes.
        exit code 0
      add-member apply
        POST   $batch 200 ×N
        GET    deploymentStacks mrvel-esml-project004-sdc-dev-001 200
        GET    registries acrcommona1b2csdc001dev 200
        GET    roleAssignments 200 ×N
        GET    roleDefinitions 200
        GET    roleEligibilitySchedules 200
        GET    sqlRoleAssignments 200
        GET    userAssignedIdentities mi-prj004-sdc-dev-a1b2c-001 200
        | ::add-mask::***
        | Reading groups, members and role assignments
        | ::notice::Project 004 in dev: groups and roles: no changes.
        exit code 0
      datalake-acl apply
        POST   $batch 200 ×N
        HEAD   lake getAccessControl 200 ×N
        GET    storageAccounts mrvela1b2cesml001dev 200
        GET    userAssignedIdentities mi-prj004-sdc-dev-a1b2c-001 200
        | ::add-mask::***
        | Reading the folders of the project
        | ::notice::Project 004 in dev: data lake: no changes.
        exit code 0
      ip-calc release-unneeded
        GET    networkSecurityGroups 200
        GET    virtualNetworks vnt-esmlcmn-sdc-dev-001 200
        | ::add-mask::***
        | ::notice::Nothing to release in VNet vnt-esmlcmn-sdc-dev-001.
        exit code 0"
    `)
  })

  test.concurrent('that was turned into a manifest before is not turned into another', async () => {
    const factory = await openFactory({ bundles: true })
    const first = await factory.request(exampleRequest)
    const manifest = factory.repository.read(manifestOf('004'))
    const second = await factory.request(exampleRequest)
    expect(changed([first, second])).toEqual(['true', 'false'])
    expect(log(second).at(-1)).toBe(
      '::notice::Project 004 (manuals): it was created from this issue before, no changes.',
    )
    expect(factory.repository.read(manifestOf('004'))).toBe(manifest)
  })
})

describe('a second delivery changes nothing', () => {
  test('of a project for machine learning (esml)', async () => {
    expect(notices(await deliverTwice(await openFactory(), '001'))).toMatchInlineSnapshot(`
      [
        "::notice::Project 001 in dev: check: 0 faults, 1 warning, 0 not checked.",
        "::notice::The subnet exists. Nothing was changed in VNet vnt-esmlcmn-sdc-dev-001.",
        "::notice::Project 001 in dev: resources: no changes.",
        "::notice::Project 001 in dev: groups and roles: no changes.",
        "::notice::Project 001 in dev: data lake: no changes.",
        "::notice::Nothing to release in VNet vnt-esmlcmn-sdc-dev-001.",
      ]
    `)
  })

  test('of a project for machine learning and AI applications (all)', async () => {
    expect(notices(await deliverTwice(await openFactory(), '003'))).toMatchInlineSnapshot(`
      [
        "::notice::Project 003 in dev: check: 0 faults, 1 warning, 0 not checked.",
        "::notice::Both subnets exist. Nothing was changed in VNet vnt-esmlcmn-sdc-dev-001.",
        "::notice::Project 003 in dev: resources: no changes.",
        "::notice::Project 003 in dev: groups and roles: no changes.",
        "::notice::Project 003 in dev: data lake: no changes.",
        "::notice::Nothing to release in VNet vnt-esmlcmn-sdc-dev-001.",
      ]
    `)
  })
})

test.concurrent('three environments are delivered at the same time, and know nothing of each other', async () => {
  const factory = await openFactory({ bundles: true })
  const dev = await factory.deliver('002', 'dev')
  const ofDev = (): readonly string[] =>
    azureState(factory.sandbox).filter((line) => line.includes('-dev') || line.includes('_dev_'))
  const before = ofDev()
  const others = await Promise.all([factory.deliver('002', 'stage'), factory.deliver('002', 'prod')])
  expect([dev, ...others].flat().map(({ exitCode }) => exitCode)).toEqual(
    [...chain, ...chain, ...chain].map(() => 0),
  )
  expect(difference(before, ofDev())).toEqual(nothing)

  const subscriptions = [dev, ...others].map((runs) => [
    ...new Set(
      runs.flatMap(({ requests }) =>
        requests.flatMap((each) => /\/subscriptions\/[^/?]+/.exec(each.path) ?? []),
      ),
    ),
  ])
  expect(subscriptions).toEqual([
    ['/subscriptions/22222222-2222-2222-2222-222222222201'],
    ['/subscriptions/22222222-2222-2222-2222-222222222202'],
    ['/subscriptions/22222222-2222-2222-2222-222222222203'],
  ])
})

test.concurrent('a token is masked before anything is done with it, and appears nowhere else', async () => {
  const { lines, outputs, summary } = await (await openFactory({ bundles: true })).run(
    'ip-calc',
    '001',
    'dev',
  )
  const tokens = lines.flatMap(({ kind, text }) => (kind === 'mask' ? [text] : []))
  expect(tokens.every((token) => /^eyJ/.test(token))).toBe(true)
  const shown = lines.flatMap(({ kind, text }) => (kind === 'mask' ? [] : [text]))
  const everything = [...shown, ...Object.values(outputs), summary].join('\n')
  expect(tokens.length).toBeGreaterThan(0)
  expect(tokens.filter((token) => everything.includes(token))).toEqual([])
  expect(everything).not.toMatch(/eyJ[\w-]+\.[\w-]+\./)
})
