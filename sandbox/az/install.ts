import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Who is signed in to the Azure CLI, and where. */
export interface AzureCliSignIn {
  /** Of the sandbox. */
  readonly url: string
  /** File with the root certificate of the sandbox. */
  readonly caFile: string
  readonly tenantId: string
  /** Nobody has signed in when it is left out. */
  readonly person?: { readonly userPrincipalName: string; readonly password: string }
}

/**
 * Puts a small `az` into a folder, which is made when it is not there, for the beginning of a PATH.
 * @returns the folder
 */
export function installAzureCli(folder: string, { url, caFile, tenantId, person }: AzureCliSignIn): string {
  const variables = {
    SANDBOX_URL: url,
    SANDBOX_TENANT: tenantId,
    SANDBOX_USER: person?.userPrincipalName ?? '',
    SANDBOX_PASSWORD: person?.password ?? '',
    NODE_EXTRA_CA_CERTS: caFile,
  }
  const lines = [
    '#!/bin/sh',
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`),
    `exec ${quoted(process.execPath)} --no-warnings ${quoted(path.join(import.meta.dirname, 'main.ts'))} "$@"`,
    '',
  ]
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'az'), lines.join('\n'), { mode: 0o755 })
  return folder
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
