import path from 'node:path'
import { commonCatalogue } from '../catalog/common/index.ts'
import { catalogue } from '../catalog/index.ts'
import type { ResourceIds } from '../catalog/resource-ids.ts'
import { type Names, projectResourceIds } from '../compose/project-context.ts'
import { UserError } from '../diagnostics/user-error.ts'
import {
  documentOf,
  type FactoryManifest,
  loadFactory,
  loadProject,
  type ProjectManifest,
} from '../manifest/load.ts'
import type { ProjectDocument } from '../manifest/project-schema.ts'
import { objectAt, textAt, valueAt } from '../manifest/reading.ts'
import { namingScheme, resolveFactory, resolveProject } from '../manifest/resolve.ts'
import type { ResolvedFactory, ResolvedProject } from '../manifest/resolved.ts'
import { documentWarnings } from '../manifest/warnings.ts'
import { readYaml } from '../manifest/yaml-document.ts'
import { commonNames, projectNames } from '../naming/names.ts'
import { type Environment, type ProjectType, projectTypes } from '../vocabulary.ts'
import { namesIn, readDocument } from './documents.ts'

/** Which factory an operation is about, in which environment and which cloud. */
export interface FactoryTarget {
  /** Path of factory.yml. */
  readonly factoryFile: string
  readonly environment: Environment
  /** Name of an Azure cloud, or the URL of its Resource Manager. */
  readonly azureCloud: string
  /** Who signs in, when only looking is done by somebody else than the environment's own identity. */
  readonly clientId?: string | undefined
}

/** Which project an operation is about, in which environment and which cloud. */
export interface ProjectTarget extends FactoryTarget {
  /** Three digits. */
  readonly project: string
}

/** A project in one environment, with the names and ids of all it has. */
export interface ProjectInEnvironment {
  readonly project: ResolvedProject
  readonly names: Names
  readonly ids: ResourceIds
}

/** Where the manifest of a project is: beside factory.yml, as `projects/prjNNN.yml`. */
export const projectFile = (factoryFile: string, project: string): string =>
  path.join(path.dirname(factoryFile), 'projects', `prj${project}.yml`)

/** A project as its documents describe it. */
export interface DescribedProject extends ProjectInEnvironment {
  /** About its documents, sentences. */
  readonly warnings: readonly string[]
}

/**
 * Reads both documents and decides everything in them for one environment.
 * @throws UserError with every fault of the document that has some
 */
export function readProject({ factoryFile, project: number, environment }: ProjectTarget): DescribedProject {
  const factory = documentOf(loadFactory(readDocument(factoryFile, 'factory-file'), factoryFile))
  const file = projectFile(factoryFile, number)
  const manifest = documentOf(loadProject(readDocument(file, 'project'), file, factory))
  refuseTakenName(manifest, factoryFile)
  return {
    ...inEnvironment(resolveProject(factory, manifest, environment)),
    warnings: documentWarnings(factory, manifest, environment),
  }
}

/** A name belongs to the project with the lowest number: the team that had it first is not stopped by a copy. */
function refuseTakenName({ document, at }: ProjectManifest, factoryFile: string): void {
  const { name, project } = document
  const owner = manifestNumbers(factoryFile).find(
    (number) => number < project && nameIn(projectFile(factoryFile, number), name) === name,
  )
  if (owner === undefined) return
  throw new UserError({
    what: `The name '${name}' is that of project ${owner} already.`,
    where: at('name'),
    why: `${projectFile(factoryFile, owner)} has it, and a name is unique in the factory.`,
    fix: 'Give this project another name.',
  })
}

/** The name in a manifest whose text holds it; its faults are reported when that project is delivered. */
function nameIn(file: string, name: string): string | undefined {
  try {
    const text = readDocument(file, 'factory-file')
    return text.includes(name) ? textAt(readYaml(text, file).value, ['name']) : undefined
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** The numbers of the projects that have a manifest, in order. */
export const manifestNumbers = (factoryFile: string): readonly string[] =>
  namesIn(path.join(path.dirname(factoryFile), 'projects')).flatMap(
    (name) => /^prj(\d{3})\.yml$/.exec(name)?.[1] ?? [],
  )

/** Does a manifest ask for an environment? One without environments of its own asks for all that the factory has. */
export const asksFor = (manifest: unknown, environment: Environment): boolean =>
  valueAt(manifest, ['environments']) === undefined ||
  Object.hasOwn(objectAt(manifest, ['environments']), environment)

/** Does a manifest ask for the project in the environment? Undefined when it cannot be read, so that nobody knows. */
export function isAskedFor({
  factoryFile,
  project: number,
  environment,
}: ProjectTarget): boolean | undefined {
  if (!manifestNumbers(factoryFile).includes(number)) return false
  const file = projectFile(factoryFile, number)
  const { value, faults } = readYaml(readDocument(file, 'project'), file)
  return faults.length > 0 ? undefined : asksFor(value, environment)
}

function inEnvironment(project: ResolvedProject): ProjectInEnvironment {
  const scheme = namingScheme(project.factory)
  const names = {
    project: projectNames(catalogue, scheme, project.number),
    common: commonNames(commonCatalogue, scheme),
  }
  return { project, names, ids: projectResourceIds(project, names) }
}

/** A project of which only little is known: there is a manifest beside factory.yml, which may have faults. */
export interface KnownProject {
  /** Three digits. */
  readonly number: string
  /** Absent when the manifest does not say it properly. */
  readonly type: ProjectType | undefined
}

/** A factory in one environment, without any of its projects. */
export interface FactoryInEnvironment {
  readonly factory: ResolvedFactory
  /** The projects that have a manifest. */
  readonly projects: readonly KnownProject[]
  /** What a project of a type is when its manifest says nothing but the type: services as the factory's defaults are. */
  readonly typicalProject: (type: ProjectType) => ProjectInEnvironment
}

/**
 * Reads factory.yml and decides everything in it for one environment.
 * @throws UserError with every fault of the document that has some, or when the factory lacks the environment
 */
export function readFactory({ factoryFile, environment }: FactoryTarget): FactoryInEnvironment {
  const manifest = documentOf(loadFactory(readDocument(factoryFile, 'factory-file'), factoryFile))
  return {
    factory: resolveFactory(manifest, environment),
    projects: knownProjects(factoryFile),
    typicalProject: (type) => typicalProject(manifest, type, environment),
  }
}

/** What a project of a type is in a factory when its manifest says nothing but the type. */
export function typicalProject(
  factory: FactoryManifest,
  type: ProjectType,
  environment: Environment,
  number = '999',
): ProjectInEnvironment {
  const document: ProjectDocument = {
    version: 1,
    project: number,
    name: 'typical',
    type,
    owner: 'somebody@example.com',
  }
  return inEnvironment(resolveProject(factory, { ...factory, document }, environment))
}

const knownProjects = (factoryFile: string): readonly KnownProject[] =>
  manifestNumbers(factoryFile).map((number) => {
    const file = projectFile(factoryFile, number)
    const type = textAt(readYaml(readDocument(file, 'factory-file'), file).value, ['type'])
    return { number, type: projectTypes.find((known) => known === type) }
  })
