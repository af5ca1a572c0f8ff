import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../src/diagnostics/user-error.ts'
import { documentOf, loadFactory } from '../src/manifest/load.ts'
import { corePersonas } from '../src/manifest/personas.ts'
import { resolveFactory } from '../src/manifest/resolve.ts'
import type { ResolvedFactory } from '../src/manifest/resolved.ts'
import { commonAreaOf } from '../src/operations/common-area.ts'
import { readDocument } from '../src/operations/documents.ts'
import { type BegunFile, begunFile } from './begun-file.ts'
import type { CommandLine } from './command-line.ts'
import { firstEnvironment, type LiveDocuments, liveDocuments } from './documents.ts'
import { removeGroups } from './groups.ts'
import { hasGroup, readPerson, signIn } from './person.ts'
import type { Side } from './run-step.ts'
import { liveProject } from './steps.ts'
import { startTwin, type Twin } from './twin.ts'

/** All that is known before anything runs. */
export interface Prepared {
  readonly factory: ResolvedFactory
  /** Name of the resource group of the live common area, and whether Azure has it. */
  readonly resourceGroup: { readonly name: string; readonly exists: boolean }
  readonly begun: BegunFile
  /** Deletes the groups that belong to no project. */
  readonly removeGroups: () => Promise<void>
  readonly azure: Side
  readonly sandbox: Side
  readonly twin: Twin
}

/** Variables of this process that mean something else to an action. */
const ofSomebodyElse = /^(?:INPUT_|ACTIONS_|RUNNER_|npm_|NODE_OPTIONS$|GITHUB_(?!API_URL$|TOKEN$))/

const ownVariables = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || ofSomebodyElse.test(name) ? [] : [[name, value]],
    ),
  )

/** Writes the documents of the live run where the steps of a side find them. */
function writeRepository(folder: string, { factory, project }: LiveDocuments): string {
  const repository = path.join(folder, 'repository')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(path.join(repository, 'aifactory', 'projects'), { recursive: true })
  writeFileSync(path.join(repository, 'aifactory', 'factory.yml'), factory)
  writeFileSync(path.join(repository, 'aifactory', 'projects', `prj${liveProject}.yml`), project)
  return repository
}

/**
 * Reads factory.yml, signs in, and starts the sandbox beside Azure.
 * @throws UserError when a document has faults, nobody is signed in, or the factory lacks the environment
 */
export async function prepare(
  { file, azureCloud, services, ...asked }: CommandLine,
  folder: string,
  sides: Pick<Side, 'onLine'>,
  say: (line: string) => void,
): Promise<Prepared> {
  const text = readDocument(file, 'factory-file')
  const manifest = documentOf(loadFactory(text, file))
  const { document } = manifest
  const environment = asked.environment ?? firstEnvironment(manifest)
  if (environment === undefined || document.environments[environment] === undefined)
    throw new UserError({
      what: `${file} has no environment '${environment ?? ''}'.`,
      fix: 'Name one that it has: --environment dev',
    })
  const session = await signIn(azureCloud, document.tenantId, say)
  const person = await readPerson(session)
  const documents = liveDocuments(manifest, environment, { person: person.userPrincipalName, services })
  const factory = resolveFactory(documentOf(loadFactory(documents.factory, 'live factory.yml')), environment)
  const { names, ids } = commonAreaOf(factory)
  const exists = await hasGroup(session, ids.resourceGroup)
  const [azureFolder, sandboxFolder] = [path.join(folder, 'azure'), path.join(folder, 'sandbox')]
  const shared = { environmentKey: environment, ...sides }
  const azure: Side = {
    ...{ name: 'Azure', cloud: azureCloud, factoryFile: file, ...shared },
    repository: writeRepository(azureFolder, documents),
    results: path.join(azureFolder, 'results'),
    variables: ownVariables(),
    sandbox: azureCloud.startsWith('https://') ? azureCloud : undefined,
  }
  const repository = writeRepository(sandboxFolder, documents)
  const twin = await startTwin(path.join(sandboxFolder, 'twin'), manifest, {
    ...{ text, person, repository: document.repository ?? 'contoso/ai-factory' },
  })
  const groups = [...corePersonas(factory).map(names.coreTeamGroup), names.lakeTraversalGroup]
  return {
    removeGroups: () => removeGroups(session, groups, person.objectId),
    ...{ factory, azure, twin, begun: begunFile(folder, factory.subscriptionId) },
    resourceGroup: { name: names.resourceGroup, exists },
    sandbox: {
      ...{ name: 'the sandbox', cloud: twin.sandbox.url, factoryFile: twin.factoryFile, ...shared },
      ...{ repository, results: path.join(sandboxFolder, 'results') },
      ...{ variables: twin.variables, sandbox: twin.sandbox.url },
    },
  }
}
