import path from 'node:path'
import { customRolesOf, isOwnRole } from '../../access/custom-roles.ts'
import { hasEligible } from '../../access/persona-grants.ts'
import { commonTags } from '../../compose/compose-common.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { documentOf, type FactoryManifest, loadFactory } from '../../manifest/load.ts'
import { namingScheme, resolveFactory } from '../../manifest/resolve.ts'
import { groupPrefix } from '../../naming/names.ts'
import { sameText } from '../../resource-id.ts'
import type { SetupEnvironment } from '../../setup/desired-setup.ts'
import { type Environment, environments } from '../../vocabulary.ts'
import { commonAreaOf } from '../common-area.ts'
import { deliveryCondition } from '../delivery-condition.ts'
import { readDocument } from '../documents.ts'

/** What set-up is about: a factory with all its environments. */
export interface SetupTarget {
  readonly file: string
  readonly text: string
  readonly manifest: FactoryManifest
  readonly environments: readonly SetupEnvironment[]
  /** The prefix of the names of the factory's groups in Entra ID. */
  readonly groupPrefix: string
}

/**
 * Reads factory.yml for set-up.
 * @throws UserError with every fault of the document that has some
 */
export function readSetupTarget(file: string): SetupTarget {
  const text = readDocument(file, 'factory-file')
  const manifest = documentOf(loadFactory(text, path.relative(process.cwd(), path.resolve(file))))
  const own = environments.filter((key) => manifest.document.environments[key] !== undefined)
  for (const key of own) refuseSharedSubscription(manifest, own, key)
  return {
    file,
    text,
    manifest,
    environments: own.map((key) => setupEnvironment(manifest, key)),
    groupPrefix: groupPrefixOf(manifest, own[0]),
  }
}

/** Whoever delivers to an environment is Contributor of its subscription, and may assign roles there. */
function refuseSharedSubscription(
  manifest: FactoryManifest,
  own: readonly Environment[],
  environment: Environment,
): void {
  const subscriptionOf = (key: Environment) => manifest.document.environments[key]?.subscriptionId ?? key
  const first = own.find((key) => sameText(subscriptionOf(key), subscriptionOf(environment)))
  if (first === undefined || first === environment) return
  throw new UserError({
    what: `${environment} has the subscription of ${first}.`,
    where: manifest.at(`environments.${environment}.subscriptionId`),
    why: `The identity that delivers to ${first} is Contributor of that subscription and may assign roles in it, so it could change everything of ${environment}, which others approve.`,
    fix: 'Give each environment a subscription of its own.',
  })
}

function setupEnvironment(manifest: FactoryManifest, environment: Environment): SetupEnvironment {
  const { factory, names, ids } = commonAreaOf(resolveFactory(manifest, environment))
  return {
    factory,
    resourceGroup: { id: ids.resourceGroup, tags: commonTags(factory) },
    identityName: names.identity,
    projectRoles: factory.roles === 'builtin' ? [] : customRolesOf(factory, names),
    isProjectRole: (role) => isOwnRole(role, factory, names),
    condition: deliveryCondition(factory),
    hasEligible: hasEligible(factory),
  }
}

function groupPrefixOf(manifest: FactoryManifest, environment: Environment | undefined): string {
  if (environment === undefined) return ''
  return groupPrefix(namingScheme(resolveFactory(manifest, environment)))
}

/**
 * The repository whose jobs are to sign in: what factory.yml says, else what the clone says it comes from.
 * @throws UserError when neither says it
 */
export function repositoryOf({ manifest, file }: SetupTarget, origin: string | undefined): string {
  const named = manifest.document.repository ?? origin
  if (named !== undefined) return named
  throw new UserError({
    what: `'repository' is missing in ${file}, and the folder has no remote on GitHub that says it.`,
    where: manifest.at(''),
    why: 'The identities trust the jobs of one repository, and set-up has to know which.',
    fix: "Add 'repository: OWNER/NAME', the bootstrap repository on GitHub.",
  })
}
