import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from '@jest/globals'
import { readInputs } from '../../actions/provision-project/inputs.ts'
import { provisionProject } from '../../src/operations/modes/provision-project.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { factoryFolder } from '../ip-calc/factory.ts'
import { recordingHost } from '../runtime/recording-host.ts'

const factory = factoryFolder()
afterAll(() => factory.remove())

/** Runs the action. @returns what it did, line by line */
async function run(inputs: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const given = { 'factory-file': factory.file, environment: 'dev', target: 'common', ...inputs }
  const host = recordingHost(given, { environment: { RUNNER_TEMP: factory.folder } })
  await runAction('provision-project', readInputs, provisionProject, host)
  return host.record
}

/** The path that an output holds. */
const fileIn = (record: readonly string[], output: string): string =>
  record.find((line) => line.startsWith(`output ${output}=`))?.replace(/^[^=]*=/, '') ?? ''

test('the templates of a common area are written without calling anything', async () => {
  const record = await run({ mode: 'render' })
  expect(record.filter((line) => line.startsWith('fail '))).toEqual([])
  const types = ['network-template-file', 'template-file'].map((output) =>
    readFileSync(fileIn(record, output), 'utf8').match(/"type": "Microsoft[^"]+"/g),
  )
  expect(types[0]).toContain('"type": "Microsoft.Network/virtualNetworks"')
  expect(types[1]).toContain('"type": "Microsoft.Storage/storageAccounts"')
})

test('inputs of a project mean nothing for it', async () => {
  const record = await run({ mode: 'render', project: '001' })
  expect(record.join()).toContain("Input 'project' means nothing with target common.")
})
