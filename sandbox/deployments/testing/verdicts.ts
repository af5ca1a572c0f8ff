import { groupId } from '../../arm/testing/served-arm.ts'
import type { DeploymentsOnArm } from './on-arm.ts'

/** Azure's error, as far as tests look at it. */
interface ErrorBody {
  readonly code: string
  readonly details?: readonly ErrorBody[]
}

/** What validation, what-if, a deployment and a stack of the resource group say of a template, by their name. */
export async function verdicts(
  { settle }: Pick<DeploymentsOnArm, 'settle'>,
  template: object,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const resources = `${groupId}/providers/Microsoft.Resources`
  const deployment = `${resources}/deployments/main`
  const version = 'api-version=2025-04-01'
  const deploy = { properties: { mode: 'Incremental', template } }
  const stack = {
    properties: {
      template,
      actionOnUnmanage: { resources: 'detach' },
      denySettings: { mode: 'none' },
    },
  }
  const answers = {
    validate: await settle('POST', `${deployment}/validate?${version}`, deploy),
    'what-if': await settle('POST', `${deployment}/whatIf?${version}`, deploy),
    deployment: await settle('PUT', `${deployment}?${version}`, deploy),
    stack: await settle('PUT', `${resources}/deploymentStacks/st?api-version=2024-03-01`, stack),
  }
  return Object.fromEntries(Object.entries(answers).map(([name, { body }]) => [name, codesIn(Object(body))]))
}

/** The codes of an answer's error, from the outermost to the innermost. */
function codesIn(body: { error?: ErrorBody; properties?: { error?: ErrorBody } }): readonly string[] {
  const error = body.error ?? body.properties?.error
  return error === undefined ? [] : flatten(error)
}

const flatten = ({ code, details = [] }: ErrorBody): readonly string[] => [code, ...details.flatMap(flatten)]
