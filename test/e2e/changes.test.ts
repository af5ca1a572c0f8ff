import { describe, expect, test } from '@jest/globals'
import type { Plan } from '../../src/plan/model.ts'
import { azureState, difference, nothing, resourceIds } from './support/azure-state.ts'
import { byHand } from './support/by-hand.ts'
import { firstCommit } from './support/commits.ts'
import { delivered, openFactory, type Run } from './support/factory.ts'
import { devGroupOf, devSubscription } from './support/places.ts'
import { manifestOf, readPlan } from './support/repository.ts'
import { log } from './support/transcript.ts'

const changesOf = (run: Run): readonly string[] =>
  readPlan(run).changes.flatMap(({ change, kind, name }: Plan['changes'][number]) =>
    change === 'keep' ? [] : [`${change} ${kind} ${name}`],
  )

const withProject003 = delivered('003')

/** What Azure takes away together with a resource. */
const derived = /roleassignments\/|privateendpointconnections\/|defaultsecurityrules\//

/** Which model is deployed changes with what Azure offers. */
const withoutModel = (text: string): string => text.replace(/(\/)(?:gpt|text-embedding)-\S+$/, '$1<model>')

/** What is behind the last `/providers/`: type and name. */
const short = (id: string): string => id.slice(id.lastIndexOf('/providers/') + '/providers/'.length)

describe('a service that is switched off', () => {
  test('is deleted with all that was only for it, and what others created stays', async () => {
    const factory = await withProject003()
    const { sandbox, repository } = factory
    const hand = await byHand(sandbox)
    const others = `${devGroupOf('003')}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mi-of-the-team`
    await hand.put(others, '2023-01-31', { location: 'swedencentral' })
    const before = resourceIds(sandbox)

    repository.edit(manifestOf('003'), 'team:', 'services: { aiFoundry: false }\nteam:')
    const planned = await factory.run('provision-project', '003', 'dev', { mode: 'plan' })
    expect(planned.writes).toEqual([])
    expect(resourceIds(sandbox)).toEqual(before)
    const changes = changesOf(planned).map(withoutModel)
    const deletions = changes.filter((change) => change.startsWith('delete'))
    expect(changes.slice(0, deletions.length)).toEqual(deletions)
    expect(changes.filter((change) => change.startsWith('create'))).toEqual([])
    expect(deletions).toMatchInlineSnapshot(`
      [
        "delete Microsoft.CognitiveServices/accounts aif2a1b2c003001dev",
        "delete Microsoft.CognitiveServices/accounts/deployments aif2a1b2c003001dev/<model>",
        "delete Microsoft.CognitiveServices/accounts/deployments aif2a1b2c003001dev/<model>",
        "delete Microsoft.CognitiveServices/accounts/projects aif2a1b2c003001dev/aif2-p003001dev",
        "delete Microsoft.CognitiveServices/accounts/projects/connections aif2a1b2c003001dev/aif2-p003001dev/saprj003sdca1b2c2001dev",
        "delete Microsoft.CognitiveServices/accounts/projects/connections aif2a1b2c003001dev/aif2-p003001dev/aisearchprj003sdcdeva1b2c001",
        "delete Microsoft.Network/privateEndpoints aif2a1b2c003001dev-account-pend",
        "delete Microsoft.Network/privateEndpoints/privateDnsZoneGroups aif2a1b2c003001dev-account-pend/default",
        "delete role assignment Storage Blob Data Contributor for aif2-p003001dev",
        "delete role assignment Storage Blob Data Contributor for aif2-p003001dev",
        "delete role assignment Foundry User for mi-prj003-sdc-dev-a1b2c-001",
        "delete role assignment Cognitive Services OpenAI User for mi-aca-prj003-sdc-dev-a1b2c-001",
        "delete role assignment Cognitive Services OpenAI User for aisearchprj003sdcdeva1b2c001",
        "delete role assignment Foundry User for mi-aca-prj003-sdc-dev-a1b2c-001",
        "delete role assignment Search Service Contributor for aif2-p003001dev",
        "delete role assignment Search Index Data Contributor for aif2-p003001dev",
        "delete role assignment AcrPull for aif2-p003001dev",
      ]
    `)

    await factory.run('provision-project', '003', 'dev', { allow: 'deletion' })
    await factory.deliver('003', 'dev')
    const after = resourceIds(sandbox)
    expect(after.filter((id) => !before.includes(id))).toEqual([])
    expect(after).toContain(others.toLowerCase())
    const gone = before.filter((id) => !after.includes(id) && !derived.test(id))
    expect([...new Set(gone.map(short).map(withoutModel))]).toMatchInlineSnapshot(`
      [
        "microsoft.network/networksecuritygroups/aca2-nsg-prj003-sdc-dev",
        "microsoft.network/networksecuritygroups/aca2-nsg-prj003-sdc-dev/securityrules/allowloadbalancerprobes",
        "microsoft.network/networksecuritygroups/aca2-nsg-prj003-sdc-dev/securityrules/denyinternetinbound",
        "microsoft.network/privatednszones/privatelink.cognitiveservices.azure.com/a/aif2a1b2c003001dev",
        "microsoft.network/privatednszones/privatelink.openai.azure.com/a/aif2a1b2c003001dev",
        "microsoft.network/privatednszones/privatelink.services.ai.azure.com/a/aif2a1b2c003001dev",
        "microsoft.network/virtualnetworks/vnt-esmlcmn-sdc-dev-001/subnets/snt-prj003-aca-002",
        "microsoft.cognitiveservices/accounts/aif2a1b2c003001dev",
        "microsoft.cognitiveservices/accounts/aif2a1b2c003001dev/deployments/<model>",
        "microsoft.cognitiveservices/accounts/aif2a1b2c003001dev/projects/aif2-p003001dev",
        "microsoft.cognitiveservices/accounts/aif2a1b2c003001dev/projects/aif2-p003001dev/connections/aisearchprj003sdcdeva1b2c001",
        "microsoft.cognitiveservices/accounts/aif2a1b2c003001dev/projects/aif2-p003001dev/connections/saprj003sdca1b2c2001dev",
        "microsoft.network/networkinterfaces/aif2a1b2c003001dev-account-pend-nic",
        "microsoft.network/privateendpoints/aif2a1b2c003001dev-account-pend",
        "microsoft.network/privateendpoints/aif2a1b2c003001dev-account-pend/privatednszonegroups/default",
      ]
    `)
    expect((await factory.run('provision-project', '003', 'dev')).writes).toEqual([])
  })

  test('in one environment only stays in the others', async () => {
    const factory = await openFactory()
    const provisioned = (['dev', 'stage'] as const).map(async (environment) => {
      await factory.run('ip-calc', '001', environment)
      await factory.run('provision-project', '001', environment)
    })
    await Promise.all(provisioned)
    const ofStage = (): readonly string[] =>
      azureState(factory.sandbox).filter((line) => !line.includes(devSubscription))
    const before = ofStage()
    factory.repository.edit(manifestOf('001'), 'dev: {}', 'dev: { services: { machineLearning: false } }')
    const provision = await factory.run('provision-project', '001', 'dev', { allow: 'deletion' })
    expect(provision.exitCode).toBe(0)
    expect(changesOf(provision).filter((change) => change.startsWith('delete')).length).toBeGreaterThan(0)
    expect(difference(before, ofStage())).toEqual(nothing)
    expect((await factory.run('provision-project', '001', 'stage')).writes).toEqual([])
  })
})

describe('a description that changes', () => {
  test('is all that the plan shows, whatever Azure filled in by itself', async () => {
    const factory = await withProject003()
    factory.repository.edit(manifestOf('003'), 'description: Finds', 'description: Shows')
    const planned = await factory.run('provision-project', '003', 'dev', { mode: 'plan' })
    expect(planned.writes).toEqual([])
    const changes = readPlan(planned).changes.filter(({ change }) => change !== 'keep')
    const description = {
      path: 'properties.description',
      before: 'Finds the causes of defects in pictures and reports',
      after: 'Shows the causes of defects in pictures and reports',
    }
    expect(changes.map(({ change, kind, properties }) => [change, kind, properties])).toEqual([
      ['modify', 'Microsoft.CognitiveServices/accounts/projects', [description]],
      ['modify', 'Microsoft.MachineLearningServices/workspaces', [description]],
    ])
  })
})

describe('people', () => {
  test('who leave the manifest leave their group, and nothing else happens', async () => {
    const factory = await openFactory()
    const { sandbox, repository } = factory
    repository.edit(
      manifestOf('002'),
      '[cleo@contoso.example]',
      '[cleo@contoso.example, dana@contoso.example]',
    )
    firstCommit(sandbox, repository)
    await factory.deliver('002', 'dev')
    const before = azureState(sandbox)
    repository.edit(manifestOf('002'), ', dana@contoso.example', '')

    const planned = await factory.run('add-member', '002', 'dev', { mode: 'plan' })
    expect(changesOf(planned)).toEqual(['delete member dana@contoso.example'])
    const applied = await factory.run('add-member', '002', 'dev')
    expect(applied.transcript).toMatchInlineSnapshot(`
"add-member apply
  POST   $batch 200 ×N
  GET    deploymentStacks mrvel-esml-project002-sdc-dev-001 200
  GET    registries acrcommona1b2csdc001dev 200
  GET    roleAssignments 200 ×N
  GET    roleDefinitions 200
  GET    roleEligibilitySchedules 200
  GET    sqlRoleAssignments 200
  GET    userAssignedIdentities mi-prj002-sdc-dev-a1b2c-001 200
  DELETE groups/members 204
  | ::add-mask::***
  | Reading groups, members and role assignments
  | N/N Remove member dana@contoso.example from group aif001sdc_mrvela1b2c_prj002_dev_frontend_developer
  | ::notice::Project 002 in dev: groups and roles: 0 added, 0 changed, N destroyed.
  exit code 0"
`)

    expect(difference(before, azureState(sandbox))).toEqual({
      gone: [expect.stringContaining('"members":["Cleo Carlsson","Dana Dahl"]')],
      added: [expect.stringContaining('"members":["Cleo Carlsson"]')],
    })
  })

  test('who join one by one are in their group at once, and the run says that the manifest differs', async () => {
    const factory = await openFactory()
    await factory.deliver('001', 'dev')
    const joined = await factory.run('add-member', '001', 'dev', {
      persona: 'lead',
      add: 'eve@partner.example',
    })
    expect(changesOf(joined)).toEqual(['create member eve_partner.example#EXT#@contoso.example'])
    expect(log(joined).slice(-2)).toEqual([
      '::warning::The manifest does not say so yet: add eve@partner.example to team.lead, or they stay, and the manifest cannot take them out again.',
      '::notice::Project 001 in dev: groups and roles: N added, 0 changed, 0 destroyed.',
    ])
  })
})
