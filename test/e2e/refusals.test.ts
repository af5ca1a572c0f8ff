import { mkdtempSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { runStep } from '../../sandbox/runner/step.ts'
import { serviceKeys } from '../../src/catalog/index.ts'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { byHand } from './support/by-hand.ts'
import { type Factory, openFactory, type Run } from './support/factory.ts'
import { devLake, devNetwork } from './support/places.ts'
import { actionFolder, manifestOf } from './support/repository.ts'
import { errorOf, log } from './support/transcript.ts'

const exampleRequest = readFileSync(
  path.join(import.meta.dirname, '..', '..', 'demo', 'example-request.md'),
  'utf8',
).replace('rag-chat', 'manuals')

/** The one error of a run that fails without changing anything in Azure. */
async function refusal(factory: Factory, attempt: () => Promise<Run>): Promise<string> {
  const before = azureState(factory.sandbox)
  const run = await attempt()
  expect(run.exitCode).toBe(1)
  expect(run.writes).toEqual([])
  expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)
  const everything = log(run).join('\n')
  expect(everything).not.toMatch(/^\s+at .+:\d+:\d+/m)
  return errorOf(run)
}

describe('an issue is refused', () => {
  const refused = async (body: string): Promise<{ error: string; comment: string | undefined }> => {
    const factory = await openFactory()
    let comment: string | undefined
    const error = await refusal(factory, async () => {
      const run = await factory.request(body)
      comment = run.outputs['comment']
      expect(run.outputs['changed']).toBe('false')
      expect(run.outputs['manifest-file']).toBeUndefined()
      return run
    })
    return { error, comment }
  }

  test('that was not written with the form', async () => {
    const { error, comment } = await refused('Please give me a project.')
    expect(error).toMatch(/^::error::The request has 11 faults\. Project name: The heading of this field/)
    expect(error).toMatch(/Edit the issue\. Nothing was created\.$/)
    expect(comment).toContain('Project name')
  })

  test('in which an answer is not what the form asks for', async () => {
    const { error } = await refused(exampleRequest.replace('anna@contoso.example', 'anna'))
    expect(error).toBe(
      '::error::The request has a fault. Owner: This is not an e-mail address. Found "anna". ' +
        'Write one e-mail address, e.g. anna@contoso.example. Edit the issue. Nothing was created.',
    )
  })

  test('that asks for an environment nobody knows', async () => {
    const { error } = await refused(exampleRequest.replace('] Stage', '] Staging'))
    expect(error).toMatch(
      /^::error::The request has a fault\. Environments: This is none of the choices\. Found "Staging"/,
    )
  })

  test('that asks for the name of another project', async () => {
    const { error } = await refused(exampleRequest.replace('manuals', 'rag-chat'))
    expect(error).toContain('Project name: Project 002 has this name already. Found "rag-chat".')
  })

  test('without a form around a workflow command, which stays text', async () => {
    const { error } = await refused('::set-output name=project::999\n::error::mine')
    expect(error).toMatch(/^::error::The request has 11 faults\./)
  })
})

test('an issue that asks for a service nobody knows is accepted without it, and the answer says so', async () => {
  const factory = await openFactory()
  const run = await factory.request(exampleRequest.replace('Azure Cosmos DB (', 'Azure Cosmic DB ('))
  expect(run.exitCode).toBe(0)
  expect(run.outputs['changed']).toBe('true')
  expect(run.outputs['comment']).toContain(
    'Left out, because this release does not know it: `Azure Cosmic DB (',
  )
})

describe('a manifest is refused', () => {
  test('that switches on a service nobody knows: place, and the key that was probably meant', async () => {
    const factory = await openFactory()
    factory.repository.edit(manifestOf('002'), 'cosmosDb: true', 'cosmosDB: true')
    const actions = ['ip-calc', 'provision-project', 'add-member', 'datalake-acl'] as const
    for (const action of actions) {
      expect(await refusal(factory, () => factory.run(action, '002', 'dev'))).toBe(
        '::error file=aifactory/projects/prj002.yml,line=10,col=13::aifactory/projects/prj002.yml:10:13: ' +
          `The key 'cosmosDB' is not known in 'services'. Did you mean 'cosmosDb'? Known keys: ${serviceKeys.join(', ')}.`,
      )
    }
    expect(factory.sandbox.requestCount()).toBe(0)
  })

  test('that is not there', async () => {
    const factory = await openFactory()
    expect(await refusal(factory, () => factory.run('ip-calc', '009', 'dev'))).toMatch(
      /^::error::The file 'aifactory\/projects\/prj009\.yml' \(input 'project'\) cannot be read\./,
    )
  })

  test('that names a user who does not exist: the line of the manifest is annotated', async () => {
    const factory = await openFactory()
    factory.repository.edit(manifestOf('002'), 'bo@contoso.example', 'nobody@contoso.example')
    await factory.run('ip-calc', '002', 'dev')
    await factory.run('provision-project', '002', 'dev')
    expect(await refusal(factory, () => factory.run('add-member', '002', 'dev'))).toBe(
      "::error file=aifactory/projects/prj002.yml,line=19,col=16::aifactory/projects/prj002.yml:19:16: Entra ID has no user or group 'nobody@contoso.example'. " +
        'Each must be a user principal name, an e-mail address of a person or guest, or an object id, of this tenant. ' +
        'Correct the spelling, invite the guest first, or remove the entry.',
    )
  })
})

describe('a job is refused', () => {
  test('whose permissions lack id-token: write', async () => {
    const factory = await openFactory()
    const job = { ACTIONS_ID_TOKEN_REQUEST_URL: undefined, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined }
    for (const action of ['ip-calc', 'provision-project', 'add-member', 'datalake-acl'] as const) {
      expect(await refusal(factory, () => factory.run(action, '002', 'dev', {}, { job }))).toMatch(
        /^::error::The job may not request an OIDC token from GitHub\. Its permissions do not include 'id-token: write', .+ Add 'permissions: \{ id-token: write, contents: read \}' to the job/,
      )
    }
  })

  test('whose subject no federated credential has', async () => {
    const factory = await openFactory()
    const job = factory.sandbox.jobEnvironment({ environment: 'dev' })
    const error = await refusal(factory, () => factory.run('ip-calc', '002', 'prod', {}, { job }))
    expect(error).toContain('AADSTS700213')
    expect(error).toContain("'repo:contoso@77/ai-factory@4242:environment:dev'")
    expect(error).toContain(
      "The job ran in the GitHub environment 'dev', and asked for the identity of 'prod', which only jobs in 'prod' can be.",
    )
  })

  test.each([
    [
      'an environment nobody knows',
      { environment: 'test' },
      `Input 'environment' is "test". Use dev, stage or prod.`,
    ],
    ['a mode nobody knows', { mode: 'destroy' }, `Input 'mode' is "destroy". Use `],
    ['a number of two digits', { project: '01' }, `Input 'project' is "01". It has to be three digits`],
    [
      'a cloud nobody knows',
      { 'azure-cloud': 'azure' },
      `Input 'azure-cloud' is "azure". It is neither the name of a cloud nor an https address. Use AzureCloud, `,
    ],
  ])('with %s as an input', async (_name, inputs, sentence) => {
    const factory = await openFactory()
    const error = await refusal(factory, () => factory.run('add-member', '002', 'dev', inputs))
    expect(error.startsWith(`::error::${sentence}`)).toBe(true)
  })

  test.each(['project-request', 'ip-calc', 'provision-project', 'add-member', 'datalake-acl'])(
    'without any input, from an empty folder: %s',
    async (action) => {
      const { exitCode, lines } = await runStep({
        action: actionFolder(action),
        with: {},
        environment: {},
        workspace: mkdtempSync(path.join(os.tmpdir(), 'empty-')),
      })
      expect(exitCode).toBe(1)
      expect(lines.length).toBe(1)
      expect(errorOf({ lines })).toMatch(/^::error::Inputs? '.+ is missing/)
    },
  )
})

describe('Azure is left as it is', () => {
  /** Subnets of others that leave two halves of a /24 of 172.16.0.0/16 free. */
  const taken = [
    '64.0/18',
    '128.0/18',
    '192.0/19',
    '224.0/20',
    '240.0/21',
    '248.0/22',
    '252.0/23',
    '254.0/24',
  ]
  const alsoTaken = ['0.0/19', '32.0/20', '48.0/21', '56.0/22', '60.0/24', '62.0/23']

  test('when the VNet is too small for all subnets, though one would fit', async () => {
    const factory = await openFactory()
    const hand = await byHand(factory.sandbox)
    for (const [index, block] of [...taken, ...alsoTaken].entries()) {
      const properties = { addressPrefix: `172.16.${block}` }
      await hand.put(`${devNetwork}/subnets/others-${index}`, '2024-05-01', { properties })
    }
    for (const action of ['ip-calc', 'provision-project'] as const) {
      expect(await refusal(factory, () => factory.run(action, '003', 'dev'))).toMatch(
        /^::error::VNet 'vnt-esmlcmn-sdc-dev-001' does not have enough free address space for subnet 'snt-prj003-aca-002' \(\/23\)\. Nothing was planned\. The largest free block is 172\.16\.61\.128\/25; .+ or add an address prefix of at least \/23 inside 10\.0\.0\.0\/8, 172\.16\.0\.0\/12 or 192\.168\.0\.0\/16 to 'environments\.dev\.network\.addressSpace' in factory\.yml\.$/,
      )
    }
  })

  test('when the project is not provisioned yet', async () => {
    const factory = await openFactory()
    expect(await refusal(factory, () => factory.run('add-member', '002', 'dev'))).toMatch(
      /^::error::Project 002 is not provisioned in dev: .+ Run provision-project with mode apply first\.$/,
    )
    expect(await refusal(factory, () => factory.run('datalake-acl', '002', 'dev'))).toMatch(
      /^::error::Project 002 is not provisioned in dev: .+ Run provision-project with mode apply first, then add-member\.$/,
    )
  })

  test('when the lake cannot be reached, or is not there', async () => {
    const factory = await openFactory()
    for (const action of ['ip-calc', 'provision-project', 'add-member'] as const)
      await factory.run(action, '001', 'dev')

    factory.sandbox.faults.add({ path: '/storage/', drop: true, times: 'always' })
    const unreachable = await refusal(factory, () => factory.run('datalake-acl', '001', 'dev'))
    expect(unreachable).toMatch(/^::error::Reading the ACL of .+ failed\. ECONNRESET/)
    expect(unreachable).toContain('The address cannot be reached from this runner.')
    expect(unreachable).toContain('Run the job on a runner that is connected to the VNet')
    factory.sandbox.faults.clear()

    await (await byHand(factory.sandbox)).remove(devLake, '2024-01-01')
    expect(await refusal(factory, () => factory.run('datalake-acl', '001', 'dev'))).toMatch(
      /^::error::The data lake 'mrvela1b2cesml001dev' of dev does not exist\. .+ Deliver the common area \(provision-project with 'target: common'\), and check name, instance, locationCode and salt in factory\.yml\.$/,
    )
  })
})
