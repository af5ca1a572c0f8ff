// A small `az`, for whoever signs in with the Azure CLI on a sandbox: it hands out the tokens of a person, and knows nothing
// else. What stands in its variables, install.ts writes.
import { parseArgs } from 'node:util'
import { z } from 'zod'

const granted = z.object({ access_token: z.string(), expires_in: z.number() })
const refused = z.object({ error_description: z.string() })

const clientId = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'

/** As the Azure CLI ends: with a line of its own on stderr, and a code. */
function fail(message: string, code: number): never {
  console.error(`ERROR: ${message}`)
  process.exit(code)
}

async function token(resource: string, tenant: string | undefined): Promise<string> {
  const {
    SANDBOX_URL: url,
    SANDBOX_TENANT: own,
    SANDBOX_USER: username,
    SANDBOX_PASSWORD: password,
  } = process.env
  if (!username || !password) fail("Please run 'az login' to setup account.", 1)
  const answer = await fetch(`${url}/${tenant ?? own}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password',
      client_id: clientId,
      username,
      password,
      scope: `${resource.replace(/\/+$/, '')}/.default`,
    }),
  })
  const body: unknown = await answer.json()
  if (!answer.ok) {
    const { error_description: why } = refused.parse(body)
    fail(`${why}\nInteractive authentication is needed. Please run:\naz login`, 1)
  }
  const { access_token: accessToken, expires_in: lifetime } = granted.parse(body)
  return JSON.stringify({
    accessToken,
    expires_on: Math.floor(Date.now() / 1000) + lifetime,
    tenant: tenant ?? own,
    tokenType: 'Bearer',
  })
}

const [group, command, ...rest] = process.argv.slice(2)
if (group !== 'account' || command !== 'get-access-token') {
  fail(
    `'${group} ${command}' is not a command of the sandbox's az, which only knows 'account get-access-token'.`,
    2,
  )
}
const text = { type: 'string' } as const
const { values } = parseArgs({
  args: rest,
  options: { resource: text, tenant: text, output: { ...text, short: 'o' } },
})
console.log(await token(values.resource ?? String(process.env['SANDBOX_URL']), values.tenant))
