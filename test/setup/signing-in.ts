import type { Sandbox } from '../../sandbox/start.ts'
import { connect } from '../../src/azure/connect.ts'
import { documentOf, loadFactory } from '../../src/manifest/load.ts'
import { resolveFactory } from '../../src/manifest/resolve.ts'
import type { ResolvedFactory } from '../../src/manifest/resolved.ts'
import type { Environment } from '../../src/vocabulary.ts'
import { idToken } from '../azure/on-sandbox.ts'

/** A factory.yml as every action reads it. */
export const factoryIn = (text: string, environment: Environment): ResolvedFactory =>
  resolveFactory(documentOf(loadFactory(text, 'factory.yml')), environment)

/** Entra's answer to a job of a GitHub environment that signs in as an application: its token's application id, or the code. */
export async function signInAs(
  sandbox: Sandbox,
  clientId: string | undefined,
  githubEnvironment: string,
): Promise<string> {
  const environment = sandbox.jobEnvironment({ environment: githubEnvironment })
  const { credential, cloud } = await connect({
    cloud: sandbox.url,
    tenantId: sandbox.state.directory.tenantId,
    clientId: () => clientId ?? 'nobody',
    idToken: idToken(environment),
    environment,
    userAgent: 'test',
    progress: () => undefined,
    time: { sleep: async () => undefined },
  })
  try {
    const [, payload = ''] = (await credential.token(cloud.resourceManagerScope)).split('.')
    return JSON.parse(Buffer.from(payload, 'base64url').toString()).appid
  } catch (error) {
    return /AADSTS\d+/.exec(String(error))?.[0] ?? String(error)
  }
}
