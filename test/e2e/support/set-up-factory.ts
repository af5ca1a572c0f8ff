/** A factory whose identities, rights and GitHub environments set-up has made, and no more than that. */
import type { IdentityKind } from '../../../src/setup/identity-kinds.ts'
import { identityKindDefinitions } from '../../../src/setup/identity-kinds.ts'
import type { Environment } from '../../../src/vocabulary.ts'
import { exampleText } from '../../manifest/examples.ts'
import { asPlatformTeam } from '../../setup/platform-team.ts'
import { settingUpIn } from '../../setup/setting-up.ts'
import { factoryIn } from '../../setup/signing-in.ts'
import { type Factory, openFactory } from './factory.ts'
import type { BootstrapRepository } from './repository.ts'
import { onceOnly } from './snapshot.ts'

const factoryFile = 'aifactory/factory.yml'

/** What is delivered before the tests of a file. */
export interface Delivered {
  readonly project: string
  readonly environments: readonly Environment[]
}

/** An identity that signs in, in the GitHub environment whose jobs are it. */
export interface JobIdentity {
  readonly githubEnvironment: string
  readonly clientId: string
}

/** The identity of a kind that a factory.yml names. */
export function identityOf(
  { repository }: Pick<Factory, 'repository'>,
  kind: IdentityKind,
  environment: Environment,
): JobIdentity {
  const { clientId: deliver, identities } = factoryIn(repository.read(factoryFile), environment)
  const clientId = kind === 'deliver' ? deliver : identities[kind]?.clientId
  if (clientId === undefined) throw new Error(`Set-up has made no identity ${kind} in ${environment}.`)
  return { githubEnvironment: identityKindDefinitions[kind].githubEnvironment(environment), clientId }
}

/**
 * Factories that were set up, and in which projects have been delivered. That is done once for a file of tests; each test
 * gets a repository and an Azure of its own, as they were then.
 * @param edit what is changed in the repository before the delivery
 */
export function setUpAndDelivered(
  deliveries: readonly Delivered[],
  edit: (repository: BootstrapRepository) => void = () => undefined,
): () => Promise<Factory> {
  const once = onceOnly(async () => {
    const factory = await openFactory()
    const { sandbox, repository } = factory
    await asPlatformTeam(sandbox, [
      'Privileged Role Administrator',
      'Groups Administrator',
      'Application Administrator',
    ])
    const text = exampleText('factory.yml').replace('tags:', 'repository: contoso/ai-factory\ntags:')
    const setup = settingUpIn(sandbox, text)
    const { exitCode, text: said } = await setup.run()
    if (exitCode !== 0) throw new Error(`The factory was not set up:\n${said}`)
    repository.write(factoryFile, setup.read())
    edit(repository)
    for (const { project, environments } of deliveries)
      for (const environment of environments) {
        const last = (await factory.deliver(project, environment)).at(-1)
        if (last?.exitCode !== 0) throw new Error(`${project} was not delivered:\n${last?.transcript}`)
      }
    return { seed: factory.snapshot(), text: repository.read(factoryFile) }
  })
  return async () => {
    const { seed, text } = await once()
    const factory = await openFactory({ seed })
    factory.repository.write(factoryFile, text)
    edit(factory.repository)
    return factory
  }
}
