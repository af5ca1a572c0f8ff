import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { installAzureCli } from '../../sandbox/az/install.ts'
import type { Sandbox } from '../../sandbox/start.ts'

const run = promisify(execFile)

/** Writes a resource as Ops, who owns the subscriptions, with the Azure CLI's token. */
export type AsOps = (
  method: 'PUT' | 'POST' | 'DELETE',
  id: string,
  apiVersion: string,
  body?: object,
) => Promise<void>

/** Signs in as Ops. */
export async function asOps({ url, caFile, state }: Sandbox): Promise<AsOps> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'az-'))
  const { tenantId } = state.directory
  const person = { userPrincipalName: 'ops@contoso.example', password: 'sandbox-only-not-a-secret' }
  const az = installAzureCli(folder, { url, caFile, tenantId, person })
  const words = ['account', 'get-access-token', '--resource', 'https://management.azure.com/', '-o', 'json']
  const { stdout } = await run(path.join(az, 'az'), words, {
    env: { PATH: process.env['PATH'], NODE_EXTRA_CA_CERTS: caFile },
  })
  rmSync(folder, { recursive: true })
  const { accessToken } = JSON.parse(stdout) as { accessToken: string }
  return async (method, id, apiVersion, body) => {
    const answer = await fetch(`${url}${id}?api-version=${apiVersion}`, {
      method,
      headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${id}: ${answer.status} ${await answer.text()}`)
  }
}
