import { environments } from '../vocabulary.ts'
import type { InputReader } from './inputs.ts'

/** The inputs of every action about one environment of a factory, checked. @throws UserError that names the input */
export const readFactoryInputs = (read: InputReader) => ({
  environment: read.choice('environment', environments),
  factoryFile: read.optional('factory-file') ?? 'aifactory/factory.yml',
  azureCloud: read.optional('azure-cloud') ?? 'AzureCloud',
})

/** The inputs of every action about one project in one environment, checked. @throws UserError that names the input */
export const readProjectInputs = (read: InputReader) => ({
  project: read.matching(
    'project',
    /^(?!000)\d{3}$/,
    'three digits from 001 to 999, e.g. 001 (quoted in YAML)',
  ),
  ...readFactoryInputs(read),
  summary: read.boolean('summary', true),
})
