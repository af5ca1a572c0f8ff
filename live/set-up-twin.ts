import { execFile } from 'node:child_process'
import path from 'node:path'
import type { Side } from './run-step.ts'

const setup = path.join(import.meta.dirname, '../scripts/setup.ts')

/** Sets the factory up on the sandbox, as somebody has on Azure. @throws Error with what set-up wrote, when it fails */
export const setUpTwin = ({ factoryFile, cloud, variables, repository }: Side): Promise<void> =>
  new Promise((resolve, reject) => {
    const command = ['--no-warnings', setup, factoryFile, '--yes', '--azure-cloud', cloud]
    execFile(process.execPath, command, { env: variables, cwd: repository }, (error, stdout, stderr) => {
      if (error === null) resolve()
      else reject(new Error(`Set-up failed on the sandbox:\n${stdout}${stderr}`))
    })
  })
