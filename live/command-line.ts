import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Environment, environments } from '../src/vocabulary.ts'

/** How it is called, for those who call it wrongly. */
export const usage = `Usage: npm run live -- path/to/factory.yml [options]
  --environment KEY     whose subscription to use: dev, stage or prod; by default the first that factory.yml has
  --services A,B        services of the live project besides what every project has, e.g. aiSearch; by default none
  --lake                this machine reaches the private endpoints of the data lake, so create folders there too
  --clean-up            only remove what an earlier run has left
  --yes                 do not ask before it begins
  --azure-cloud CLOUD   AzureCloud (default), AzureUSGovernment, AzureChinaCloud, or the URL of an Azure Resource Manager`

/** What is asked for. */
export interface CommandLine {
  readonly file: string
  readonly environment: Environment | undefined
  readonly services: readonly string[]
  readonly lake: boolean
  readonly cleanUp: boolean
  readonly yes: boolean
  readonly azureCloud: string
}

/** @throws Error that says what makes no sense */
export function readCommandLine(parameters: readonly string[], whereCalled: string): CommandLine {
  const [flag, text] = [{ type: 'boolean', default: false } as const, { type: 'string' } as const]
  const { values, positionals } = parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: {
      ...{ environment: text, services: text, lake: flag },
      ...{ 'clean-up': flag, yes: flag, 'azure-cloud': text },
    },
  })
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) throw new Error('One factory.yml is expected.')
  const environment = environments.find((key) => key === values.environment)
  if (values.environment !== undefined && environment === undefined)
    throw new Error(`--environment is one of ${environments.join(', ')}.`)
  return {
    ...{ file: path.resolve(whereCalled, file), environment, lake: values.lake },
    services: (values.services ?? '').split(',').flatMap((key) => (key.trim() === '' ? [] : [key.trim()])),
    ...{ cleanUp: values['clean-up'], yes: values.yes, azureCloud: values['azure-cloud'] ?? 'AzureCloud' },
  }
}
