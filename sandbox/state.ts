import { type ArmState, emptyArmState } from './arm/index.ts'
import { type DeploymentsState, emptyDeploymentsState } from './deployments/index.ts'
import type { DirectoryState } from './entra/model.ts'
import { emptyGithub, type GithubState } from './github/index.ts'
import { emptyLake, type LakeSnapshot, type LakeState, loadLake } from './lake/index.ts'
import { addressPlaceholder } from './server/server.ts'

/** All that the sandbox remembers. Each area keeps its own part, and changes it in place. */
export interface SandboxState {
  readonly version: 1
  readonly directory: DirectoryState
  readonly arm: ArmState
  readonly deployments: DeploymentsState
  readonly lake: LakeState
  readonly github: GithubState
}

/** The state as JSON: what a state file and a seed file hold. Parts that a seed leaves out begin empty. */
export interface SandboxSnapshot {
  readonly version: 1
  readonly directory: DirectoryState
  readonly arm?: ArmState
  readonly deployments?: DeploymentsState
  readonly lake?: LakeSnapshot
  readonly github?: GithubState
}

/**
 * Makes a snapshot live on a sandbox at `base`, whose address replaces `{sandbox}` wherever that stands. The snapshot
 * is copied: two sandboxes never share a state.
 */
export function openState(snapshot: SandboxSnapshot, base: string): SandboxState {
  const copied: SandboxSnapshot = JSON.parse(JSON.stringify(snapshot).replaceAll(addressPlaceholder, base))
  const { directory, arm, deployments, lake, github } = copied
  return {
    version: 1,
    directory,
    arm: { ...emptyArmState(), ...arm },
    deployments: { ...emptyDeploymentsState(), ...deployments },
    lake: lake ? loadLake(lake) : emptyLake(),
    github: { ...emptyGithub(), ...github },
  }
}

/** Checks the content of a state or seed file. `file` is what the message names. @throws Error when it is none */
export function parseSnapshot(value: unknown, file: string): SandboxSnapshot {
  const fault = faultOf(value)
  if (fault !== undefined) throw new Error(`'${file}' is not a state of the sandbox: ${fault}`)
  return value as SandboxSnapshot
}

function faultOf(value: unknown): string | undefined {
  if (!isRecord(value)) return 'expected a JSON object.'
  if (value['version'] !== 1) return `expected "version": 1, found ${JSON.stringify(value['version'])}.`
  const { directory } = value
  if (!isRecord(directory) || typeof directory['tenantId'] !== 'string')
    return 'it has no directory.tenantId.'
  const missing = ['users', 'groups', 'applications', 'servicePrincipals'].find(
    (name) => !Array.isArray(directory[name]),
  )
  return missing === undefined ? undefined : `directory.${missing} is not a list.`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
