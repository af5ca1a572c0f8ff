import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { connect } from '../../src/azure/connect.ts'
import { openVirtualNetworks } from '../../src/azure/virtual-networks.ts'
import { dev, ids, idToken, type OnSandbox, onSandbox } from './on-sandbox.ts'

let here: OnSandbox
beforeEach(async () => {
  here = await onSandbox()
})
afterEach(() => here.sandbox.close())

/** What a user reads who wants to see the VNet, when signing in goes wrong. */
async function refusal(clientId: string = dev.clientId): Promise<string> {
  const session = await connect({
    cloud: here.sandbox.url,
    tenantId: dev.tenantId,
    clientId: () => clientId,
    idToken: idToken(here.sandbox.env),
    environment: here.sandbox.env,
    userAgent: 'test',
    progress: (line) => here.logged.push(line),
    time: { sleep: async () => undefined },
  })
  const networks = await openVirtualNetworks(session)
  return networks.read(ids.network).then(
    () => 'signed in',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
}

const signingIn = `Signing in to Entra ID as application ${dev.clientId} in tenant ${dev.tenantId} failed.`

/** What Entra's endpoint of tokens answers, for good. */
const entraAnswers = (fault: object): void => {
  here.sandbox.faults.add({ path: '/oauth2/v2.0/token', times: 'always', ...fault })
}
const refusedWith = (code: number, text: string) => ({
  status: 400,
  body: { error: 'invalid_grant', error_description: `AADSTS${code}: ${text} Trace ID: t Correlation ID: c` },
})

test.each<[string, object, string]>([
  ['nothing that is a token', { status: 200, body: {} }, "it has no 'access_token'. Probably a proxy"],
  ['503, again and again', { status: 503, body: {} }, 'Azure answered 503.'],
  ['501, which no attempt would change', { status: 501, body: {} }, 'Azure answered 501.'],
  ['a page', { page: '<html>Sign in</html>' }, 'Unexpected response, not from Azure: it is text/html'],
])(
  'is reported as signing in, with nobody else’s words, when Entra answers %s',
  async (_what, fault, expected) => {
    entraAnswers(fault)
    const text = await refusal()
    expect(text.slice(0, signingIn.length)).toBe(signingIn)
    expect(text).toContain(expected)
    expect(text).toContain('Run the job again.')
    expect(text).not.toMatch(/Reading VNet|msal|ClientAuthError|undefined|https:\/\/aka\.ms/i)
  },
)

test('a token endpoint that answers nothing once is asked again', async () => {
  here.sandbox.faults.add({ path: '/oauth2/v2.0/token', status: 200, body: {} })
  expect(await refusal()).toBe('signed in')
  expect(here.logged).toEqual([
    expect.stringMatching(
      /^POST …\/v2\.0\/token: unexpected response, not from Entra \(it has no 'access_token'\)\./,
    ),
  ])
})

test.each<[number, string, string]>([
  [
    53003,
    'Access has been blocked by Conditional Access policies.',
    'Sign-in logs > Service principal sign-ins shows the policy. Run the job from an address that it allows',
  ],
  [7000112, "Application 'x' is disabled.", 'Ask an administrator of the tenant to allow sign-ins again'],
  [
    70025,
    'The client has no configured federated identity credentials.',
    'which adds the one for this repository and environment',
  ],
  [
    7002138,
    'The subject matches with case-insensitive comparison, but not with case-sensitive comparison.',
    'it gives the credential the subject that GitHub issues',
  ],
  [50034, 'The user account does not exist in the directory.', 'az login --tenant'],
  [50166, 'Request to External OIDC endpoint failed.', 'Run the job again. On Enterprise Server'],
])('AADSTS%i says how to fix it', async (code, sentence, fix) => {
  entraAnswers(refusedWith(code, sentence))
  const text = await refusal()
  expect(text.slice(0, signingIn.length)).toBe(signingIn)
  expect(text).toContain(`AADSTS${code}: ${sentence}`)
  expect(text).toContain(fix)
  expect(text).not.toMatch(/Trace ID|Correlation ID: c/)
})

describe('a job that asks for the identity of another GitHub environment', () => {
  const planner = '33333333-3333-3333-3333-333333333399'
  /** What a job of a GitHub environment reads that signs in as the identity of dev. */
  const refusedTo = async (githubEnvironment: string | undefined): Promise<string> => {
    const job = here.sandbox.jobEnvironment(
      githubEnvironment === undefined ? {} : { environment: githubEnvironment },
    )
    const session = await connect({
      cloud: here.sandbox.url,
      tenantId: dev.tenantId,
      clientId: () => dev.clientId,
      githubEnvironment: 'dev',
      planning: { clientId: planner, githubEnvironment: 'plan-dev' },
      idToken: idToken(job),
      environment: job,
      userAgent: 'test',
      progress: () => undefined,
    })
    return session.credential.token(session.cloud.resourceManagerScope).then(
      () => 'signed in',
      (error: unknown) => String(error),
    )
  }

  test.each([
    ['prod', "in the GitHub environment 'prod'"],
    ['plan-dev', "in the GitHub environment 'plan-dev'"],
    ['dev:1', "in the GitHub environment 'dev:1'"],
    [undefined, 'in no GitHub environment'],
  ])(
    'is told which one it ran in (%s) and which one it asked for, and to add no credential',
    async (environment, where) => {
      const text = await refusedTo(environment)
      expect(text).toContain('AADSTS700213')
      expect(text).toContain(`The job ran ${where}, and asked for the identity of 'dev'`)
      expect(text).toContain("('environment: dev' in the workflow)")
      expect(text).not.toMatch(/npm run setup|add .*credential/i)
    },
  )

  test('in that of plans reads which input makes it the identity that plans', async () => {
    const fix = `To plan or check only, give it the input 'client-id: ${planner}', the identity of 'plan-dev'.`
    expect(await refusedTo('plan-dev')).toContain(fix)
    expect(await refusedTo('prod')).not.toContain('client-id')
  })

  test('is told nothing of the kind when it ran in the right one', async () => {
    for (const application of here.sandbox.state.directory.applications) {
      const [first] = application.federatedCredentials ?? []
      const before = { ...first, subject: 'repo:fabrikam/before:environment:dev' }
      if (application.appId === dev.clientId) Object.assign(application, { federatedCredentials: [before] })
    }
    const text = await refusedTo('dev')
    expect(text).toContain("Run 'npm run setup -- path/to/factory.yml'")
    expect(text).not.toContain('asked for the identity')
  })
})
