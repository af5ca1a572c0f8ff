import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parse, stringify } from 'yaml'
import { installAzureCli } from '../sandbox/az/install.ts'
import { type Sandbox, startSandbox } from '../sandbox/start.ts'
import type { FactoryManifest } from '../src/manifest/load.ts'
import { environments } from '../src/vocabulary.ts'
import type { Person } from './person.ts'

/** Fictitious, and of use on this sandbox only. */
const password = 'sandbox-only-not-a-secret'

/** The sandbox beside Azure: the same tenant, subscriptions and person, and nothing in them. */
export interface Twin {
  readonly sandbox: Sandbox
  /** factory.yml as it is before anybody has set it up. */
  readonly factoryFile: string
  /** What a program needs to be the person there. */
  readonly variables: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

/** A seed for the sandbox: what the real company is assumed to have. */
function seedOf(
  { document }: FactoryManifest,
  { objectId, userPrincipalName }: Person,
  repository: string,
): object {
  const [owner = '', name = ''] = repository.split('/')
  const own = environments.flatMap((key) => {
    const subscription = document.environments[key]?.subscriptionId
    return subscription === undefined
      ? []
      : [
          [
            key,
            { code: key, subscription: subscription.toLowerCase(), subscriptionName: `live-${key}` },
          ] as const,
        ]
  })
  return {
    version: 1,
    tenant: {
      id: document.tenantId.toLowerCase(),
      domain: userPrincipalName.slice(userPrincipalName.indexOf('@') + 1),
    },
    people: [
      {
        ...{ id: objectId.toLowerCase(), name: 'Person', userPrincipalName, password, owner: true },
        directoryRoles: ['Privileged Role Administrator'],
      },
    ],
    github: {
      users: [{ login: 'person', id: 1 }],
      repositories: [
        {
          ...{ owner, ownerId: 77, name, id: 4242, createdAt: '2026-09-01T08:00:00Z' },
          collaborators: { person: 'admin' },
          environments: own.map(([key]) => ({
            name: key,
            branches: ['main'],
            reviewers: [{ type: 'Team', id: 1 }],
          })),
        },
      ],
    },
    registeredProviders: [],
    environments: Object.fromEntries(own),
  }
}

/** factory.yml without the identities that set-up has made in the real tenant. */
function beforeSetup(text: string, repository: string): string {
  const document: Record<string, unknown> = Object(parse(text))
  const all = Object.entries(Object(document['environments'])).map(([key, settings]) => {
    const { clientId: _clientId, identities: _identities, ...rest } = Object(settings)
    return [key, rest]
  })
  return stringify({ ...document, repository, environments: Object.fromEntries(all) })
}

/** Starts it. Everything it writes is in the folder. */
export async function startTwin(
  folder: string,
  manifest: FactoryManifest,
  {
    text,
    person,
    repository,
  }: { readonly text: string; readonly person: Person; readonly repository: string },
): Promise<Twin> {
  mkdirSync(folder, { recursive: true })
  const seed = path.join(folder, 'seed.yml')
  writeFileSync(seed, stringify(seedOf(manifest, person, repository)))
  const factoryFile = path.join(folder, 'factory.yml')
  writeFileSync(factoryFile, beforeSetup(text, repository))
  const sandbox = await startSandbox({ seed, durationScale: 0 })
  const { url, caFile } = sandbox
  const az = installAzureCli(path.join(folder, 'bin'), {
    ...{ url, caFile, tenantId: manifest.document.tenantId.toLowerCase() },
    person: { userPrincipalName: person.userPrincipalName, password },
  })
  return {
    ...{ sandbox, factoryFile },
    variables: {
      PATH: `${az}${path.delimiter}${process.env['PATH'] ?? ''}`,
      NODE_EXTRA_CA_CERTS: caFile,
      GITHUB_API_URL: `${url}/api/v3`,
      GH_TOKEN: sandbox.personToken('person'),
    },
    close: sandbox.close,
  }
}
