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
export async function asOps(sandbox: Sandbox): Promise<AsOps> {
  const token = await tokenOfOps(sandbox, 'https://management.azure.com/')
  return async (method, id, apiVersion, body) => {
    await send(method, `${sandbox.url}${id}?api-version=${apiVersion}`, token, body)
  }
}

/** Writes in the directory as Ops. @returns the id of what was created */
export async function graphAsOps(
  sandbox: Sandbox,
): Promise<(method: 'POST' | 'DELETE', path: string, body?: object) => Promise<string>> {
  const token = await tokenOfOps(sandbox, 'https://graph.microsoft.com/')
  return async (method, path, body) => {
    const text = await send(method, `${sandbox.url}/graph/v1.0${path}`, token, body)
    return text === '' ? '' : String(JSON.parse(text).id)
  }
}

async function tokenOfOps({ url, caFile, state }: Sandbox, resource: string): Promise<string> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'az-'))
  const { tenantId } = state.directory
  const person = { userPrincipalName: 'ops@contoso.example', password: 'sandbox-only-not-a-secret' }
  const az = installAzureCli(folder, { url, caFile, tenantId, person })
  const words = ['account', 'get-access-token', '--resource', resource, '-o', 'json']
  const { stdout } = await run(path.join(az, 'az'), words, {
    env: { PATH: process.env['PATH'], NODE_EXTRA_CA_CERTS: caFile },
  })
  rmSync(folder, { recursive: true })
  return String(JSON.parse(stdout).accessToken)
}

async function send(method: string, url: string, token: string, body: object | undefined): Promise<string> {
  const answer = await fetch(url, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`)
  return text
}
