/** The small `az`, asked by Microsoft's client as by a person's own programs. */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { AzureCliCredential } from '@azure/identity'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { type Sandbox, startSandbox } from '../start.ts'
import { installAzureCli } from './install.ts'

const person = { userPrincipalName: 'anna@contoso.example', password: 'sandbox-only-not-a-secret' }
const before = process.env['PATH']
let sandbox: Sandbox
let folder: string
beforeAll(async () => {
  sandbox = await startSandbox()
  folder = mkdtempSync(path.join(os.tmpdir(), 'az-'))
  for (const user of sandbox.state.directory.users) {
    if (user.userPrincipalName === person.userPrincipalName) Object.assign(user, person)
  }
})
afterEach(() => {
  process.env['PATH'] = before
})
afterAll(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

/** Asks with this person signed in to the Azure CLI. */
const ask = (name: string, signedIn?: typeof person) => {
  const { url, caFile, state } = sandbox
  const { tenantId } = state.directory
  const place = installAzureCli(path.join(folder, name), {
    url,
    caFile,
    tenantId,
    ...(signedIn && { person: signedIn }),
  })
  process.env['PATH'] = `${place}${path.delimiter}${before}`
  return new AzureCliCredential({ tenantId }).getToken(`${url}/.default`)
}

test('hands out a token of the person who signed in', async () => {
  const { token, expiresOnTimestamp } = await ask('anna', person)
  expect(decodeJwt(token)).toMatchObject({ upn: person.userPrincipalName, idtyp: 'user' })
  expect(expiresOnTimestamp).toBeGreaterThan(Date.now() + 50 * 60_000)
})

test('asks to sign in when nobody has, or Entra refuses', async () => {
  await expect(ask('nobody')).rejects.toThrow("'az login'")
  await expect(ask('wrong', { ...person, password: 'guessed' })).rejects.toThrow("'az login'")
})
