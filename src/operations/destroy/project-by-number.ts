import { UserError } from '../../diagnostics/user-error.ts'
import { documentOf, type FactoryManifest, loadFactory } from '../../manifest/load.ts'
import { objectAt, textAt } from '../../manifest/reading.ts'
import { readYaml } from '../../manifest/yaml-document.ts'
import type { Environment } from '../../vocabulary.ts'
import { readDocument } from '../documents.ts'
import {
  asksFor,
  manifestNumbers,
  type ProjectInEnvironment,
  type ProjectTarget,
  projectFile,
  typicalProject,
} from '../project.ts'

/** A project of which only the number is sure: its manifest may be gone, or have faults. */
export interface NumberedProject extends ProjectInEnvironment {
  /** Resource ids of subnets that the manifest names as bring-your-own: they belong to somebody else. */
  readonly byo: readonly string[]
  /** About the manifest, sentences. */
  readonly warnings: readonly string[]
  /** The place of a key in factory.yml. */
  readonly at: FactoryManifest['at']
}

/**
 * Names and ids of all that a project can have, from factory.yml and its number. What its manifest says is used as far
 * as it can be read, and is not needed.
 * @throws UserError when factory.yml has faults, or lacks the environment
 */
export function projectByNumber(target: ProjectTarget): NumberedProject {
  const { factoryFile, project: number, environment } = target
  const factory = documentOf(loadFactory(readDocument(factoryFile, 'factory-file'), factoryFile))
  refuseUnknownPlace(factory, environment)
  return {
    ...typicalProject(factory, 'all', environment, number),
    ...readManifest(target),
    at: factory.at,
  }
}

/** Where an environment is, its subscription and its network, is in factory.yml alone. */
function refuseUnknownPlace({ document, file, at }: FactoryManifest, environment: Environment): void {
  if (document.environments[environment] !== undefined) return
  throw new UserError({
    what: `${file} has no environment ${environment}, so nothing says where the project is. Nothing was changed.`,
    where: at('environments'),
    why: 'The environment has left factory.yml, which names its subscription, its network and the identity that signs in.',
    fix: `Put ${environment} back under 'environments', as it was, by a pull request, and run this again once it is merged: that alone delivers nothing. Take it out again afterwards. A branch will not do: set-up lets only jobs of the default branch sign in.`,
  })
}

function readManifest({
  factoryFile,
  project: number,
  environment,
}: ProjectTarget): Pick<NumberedProject, 'byo' | 'warnings'> {
  if (!manifestNumbers(factoryFile).includes(number)) return { byo: [], warnings: [] }
  const file = projectFile(factoryFile, number)
  const { value, faults } = readYaml(readDocument(file, 'project'), file)
  if (faults.length > 0) {
    const warning = `${file} is no YAML that can be read, so it is not known whether it names subnets of others as its own: subnets go only when the tags of their network security group show that they are the project's.`
    return { byo: [], warnings: [warning] }
  }
  const asked = `${file} still asks for project ${number} in ${environment}: the next delivery creates it again. Take ${environment} out of its 'environments', or delete the file.`
  return { byo: byoSubnets(value, environment), warnings: asksFor(value, environment) ? [asked] : [] }
}

function byoSubnets(manifest: unknown, environment: Environment): readonly string[] {
  const places = [
    ['network', 'subnets'],
    ['environments', environment, 'network', 'subnets'],
  ]
  return places.flatMap((path) =>
    Object.keys(objectAt(manifest, path)).flatMap((key) => textAt(manifest, [...path, key, 'id']) ?? []),
  )
}
