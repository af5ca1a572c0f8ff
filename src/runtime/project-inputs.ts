import { type Environment, environments } from '../vocabulary.ts'
import type { InputReader } from './inputs.ts'

/** The inputs that every action about a factory has. */
export interface FactoryInputs {
  readonly factoryFile: string
  readonly azureCloud: string
}

/** The inputs that every action about one project in one environment has. */
export interface ProjectInputs extends FactoryInputs {
  /** Three digits. */
  readonly project: string
  readonly environment: Environment
  readonly summary: boolean
}

/** Reads and checks them. @throws UserError that names the input */
export const readFactoryInputs = (read: InputReader): FactoryInputs => ({
  factoryFile: read.optional('factory-file') ?? 'aifactory/factory.yml',
  azureCloud: read.optional('azure-cloud') ?? 'AzureCloud',
})

/** Reads and checks them. @throws UserError that names the input */
export const readProjectInputs = (read: InputReader): ProjectInputs => ({
  project: read.matching(
    'project',
    /^(?!000)\d{3}$/,
    'three digits from 001 to 999, e.g. 001 (quoted in YAML)',
  ),
  environment: read.choice('environment', environments),
  ...readFactoryInputs(read),
  summary: read.boolean('summary', true),
})
