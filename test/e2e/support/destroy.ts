import { azureState } from './azure-state.ts'
import type { Circumstances, Factory, Run } from './factory.ts'

/** The inputs of a destroy of project 002 that goes all the way. */
export const allOf002 = { confirm: '002', allow: 'deletion, purge' }

/** Destroys project 002 in dev, or shows what would go. Does not wait for Azure unless told to. */
export const destroy = (
  { run }: Factory,
  inputs: Readonly<Record<string, string>> = {},
  circumstances: Circumstances = {},
): Promise<Run> =>
  run('provision-project', '002', 'dev', { mode: 'destroy', 'wait-minutes': '0', ...inputs }, circumstances)

interface Left {
  readonly why: string
  readonly kind: string
  readonly name: string
  readonly reason: string
  readonly fix: string
}

/** What a run says is left, in full. */
export const allLeft = (run: Run): readonly Left[] => JSON.parse(run.outputs['left'] ?? '[]')

/** What a run says is left: why, what, and which. */
export const leftOf = (run: Run): readonly string[] =>
  allLeft(run).map(({ why, kind, name }) => `${why}: ${kind} ${name}`)

/** Azure keeps a vault for seven days, and nobody can change that. */
export const vaultIsKept = 'azure: softly deleted Microsoft.KeyVault/vaults kv-p002-sdc-dev-a1b2c01'

/** Everything in Azure that is the project's. */
export const ofProject = ({ sandbox }: Factory): readonly string[] =>
  azureState(sandbox).filter((line) => /prj-?002|project002|p002|c002001/i.test(line))
