import { openResources } from '../azure/resources.ts'
import { UserError } from '../diagnostics/user-error.ts'
import { documentOf, loadFactory } from '../manifest/load.ts'
import { connect } from './connect.ts'
import { readDocument } from './documents.ts'
import type { OperationContext } from './operation.ts'
import {
  type DescribedProject,
  isAskedFor,
  type ProjectTarget,
  projectFile,
  readProject,
  typicalProject,
} from './project.ts'
import { stacksOf, stacksVersion } from './stacks.ts'

/** How to destroy a project that no manifest asks for, a sentence. */
export const howToDestroy = (number: string, environment: string): string =>
  `To destroy it, start Actions > Destroy > Run workflow with project ${number} and environment ${environment}, or run provision-project with mode destroy: without 'confirm' it only shows what would go.`

/**
 * Reads the documents of a project. Where they do not ask for it any more and it is deployed all the same, that is what is
 * wrong, and not that something is missing in a document.
 * @throws UserError with every fault of the document that has some
 */
export async function askedFor(options: ProjectTarget, context: OperationContext): Promise<DescribedProject> {
  try {
    return readProject(options)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw (await orphanError(options, context, error)) ?? error
  }
}

async function orphanError(
  options: ProjectTarget,
  context: OperationContext,
  { parts }: UserError,
): Promise<UserError | undefined> {
  const { factoryFile, project: number, environment } = options
  const manifest = documentOf(loadFactory(readDocument(factoryFile, 'factory-file'), factoryFile))
  if (manifest.document.environments[environment] === undefined || isAskedFor(options) !== false)
    return undefined
  const { project, names } = typicalProject(manifest, 'all', environment, number)
  const { factory } = project
  const stack = names.project.deploymentStack
  try {
    const session = await connect(factory, options, context)
    const { read } = await openResources(session)
    const found = await read(`${stacksOf(factory.subscriptionId)}/${stack}`, stacksVersion)
    if (found === undefined) return undefined
  } catch (error) {
    // Who cannot look reads what the documents say.
    if (error instanceof UserError) return undefined
    throw error
  }
  return new UserError({
    what: `Project ${number} is deployed in ${environment} (deployment stack '${stack}'), and no manifest asks for it any more. Nothing was changed.`,
    ...(parts.where && { where: parts.where }),
    why: `${projectFile(factoryFile, number)} is gone, or does not name ${environment} under 'environments'. Nothing is removed by that alone.`,
    fix: `${howToDestroy(number, environment)} To keep it, let its manifest name ${environment} again.`,
  })
}
