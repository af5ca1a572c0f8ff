/** A project that was delivered when factory.yml said something else: its own names are not those of somebody else. */
import { readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import type { Finding } from '../../src/operations/check/finding.ts'
import { FailureWithReport } from '../../src/plan/report.ts'
import { type InProcess, openDelivered } from '../provision-project/in-process.ts'

let sandbox: Sandbox
let here: InProcess
beforeEach(async () => {
  ;({ sandbox, here } = await openDelivered())
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

function editFactory(from: string, to: string): void {
  const text = readFileSync(here.factory.file, 'utf8')
  expect(text).toContain(from)
  writeFileSync(here.factory.file, text.replace(from, to))
}

async function faults(): Promise<readonly Finding[]> {
  const { outputs } = await here.provision('check').catch((error: unknown) => {
    if (error instanceof FailureWithReport) return error.report
    throw error
  })
  const all: readonly Finding[] = JSON.parse(outputs['findings'] ?? '[]')
  return all.filter(({ severity }) => severity === 'fault')
}

const stack = 'mrvel-esml-project003-sdc-dev-001'

test.each([
  ['name', 'name: mrvel', 'name: marvel'],
  ['locationCode', 'locationCode: sdc', 'locationCode: swe'],
])('another %s is one fault, at its place, and no name is said to be taken', async (key, from, to) => {
  editFactory(from, to)
  const line =
    readFileSync(here.factory.file, 'utf8')
      .split('\n')
      .findIndex((text) => text.includes(to)) + 1
  expect(await faults()).toEqual([
    expect.objectContaining({
      what: expect.stringContaining(
        `Project 003 was delivered to dev with another ${key} in factory.yml: its deployment stack is '${stack}', and would now be '`,
      ),
      where: expect.objectContaining({ file: here.factory.file, line }),
      fix: expect.stringContaining(`Set '${key}' in factory.yml back`),
    }),
  ])
})

test('a project with the same number of another factory in the subscription is none of ours', async () => {
  editFactory('name: mrvel', 'name: marvel')
  editFactory('salt: a1b2c', 'salt: zzzzz')
  expect((await faults()).filter(({ what }) => what.includes('was delivered to'))).toEqual([])
})

test('with another instance nothing is said to be taken by somebody else', async () => {
  editFactory('instance: "001"', 'instance: "002"')
  const found = await faults()
  expect(found.filter(({ why = '' }) => why.includes('somebody else'))).toEqual([])
})
