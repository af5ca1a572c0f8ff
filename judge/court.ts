import { readSeed, threeEnvironmentsFile } from '../sandbox/seeds/index.ts'
import { type Sandbox, startSandbox } from '../sandbox/start.ts'
import type { Subject } from './case-file.ts'
import { Driver } from './driver.ts'
import { type Identities, type Identity, registerIdentities } from './identities.ts'
import { type Judged, runSubject } from './run-subject.ts'
import type { Values } from './values.ts'

/** The subscriptions of the seed that the cases run in. */
const subscription = '22222222-2222-2222-2222-222222222201'
const otherSubscription = '22222222-2222-2222-2222-222222222202'

/** How many subjects run at a time. */
const lanes = 2

/** Runs subjects on a sandbox of their own, and reports each case when it is judged. */
export async function judgeSubjects(
  subjects: readonly Subject[],
  python: string,
  report: (judged: Judged) => void,
): Promise<void> {
  const seed = await readSeed(threeEnvironmentsFile)
  const identities = registerIdentities(seed, subjects)
  const sandbox = await startSandbox({ seed })
  const waiting = [...subjects]
  const lane = async (): Promise<void> => {
    const owners = driverFor(python, sandbox, identities.owner)
    try {
      for (let next = waiting.shift(); next; next = waiting.shift())
        await judgeSubject(next, { python, sandbox, identities, owners, report })
    } finally {
      await owners.close()
    }
  }
  try {
    await Promise.all(Array.from({ length: lanes }, lane))
  } finally {
    await sandbox.close()
  }
}

interface Setting {
  readonly python: string
  readonly sandbox: Sandbox
  readonly identities: Identities
  /** The process in which the owner is signed in. */
  readonly owners: Driver
  readonly report: (judged: Judged) => void
}

/** Each identity of a subject gets a process of its own when it first asks something. */
async function judgeSubject(subject: Subject, setting: Setting): Promise<void> {
  const { python, sandbox, identities, owners, report } = setting
  const named = identities.of.get(subject.subject) ?? new Map<string, Identity>()
  const drivers = new Map<string, Driver>()
  const driver = (name: string | undefined): Driver => {
    if (name === undefined) return owners
    const identity = named.get(name)
    if (identity === undefined) throw new Error(`The subject has no identity '${name}'.`)
    const known = drivers.get(name) ?? driverFor(python, sandbox, identity)
    drivers.set(name, known)
    return known
  }
  const values = valuesOf(sandbox, [['owner', identities.owner], ...named])
  try {
    await runSubject(subject, { driverFor: driver, values, report })
  } finally {
    await Promise.all([...drivers.values()].map((open) => open.close()))
  }
}

/** What cases may refer to from the start. */
const valuesOf = (sandbox: Sandbox, named: readonly (readonly [string, Identity])[]): Values =>
  new Map<string, unknown>([
    ['url', sandbox.url],
    ['tenant', sandbox.state.directory.tenantId],
    ['subscription', subscription],
    ['otherSubscription', otherSubscription],
    ...named.flatMap(([name, identity]) =>
      Object.entries(identity).map(([key, value]) => [`${name}.${key}`, value] as const),
    ),
  ])

const driverFor = (python: string, { url, caFile, state }: Sandbox, { appId, secret }: Identity): Driver =>
  new Driver(python, { url, tenant: state.directory.tenantId, clientId: appId, secret, subscription }, caFile)
