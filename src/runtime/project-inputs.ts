import { UserError } from '../diagnostics/user-error.ts'
import { type Allowance, allowances, environments } from '../vocabulary.ts'
import { readClientId } from './client-id.ts'
import type { InputReader } from './inputs.ts'

/**
 * The inputs of every action about one environment of a factory, checked.
 * @param looking the modes that change nothing
 * @throws UserError that names the input
 */
export const readFactoryInputs = (read: InputReader, looking: readonly string[]) => ({
  environment: read.choice('environment', environments),
  factoryFile: read.optional('factory-file') ?? 'aifactory/factory.yml',
  azureCloud: read.optional('azure-cloud') ?? 'AzureCloud',
  clientId: readClientId(read, looking),
})

/**
 * The inputs of every action about one environment of a factory whose documents may be older than the default branch's,
 * checked.
 * @param looking the modes that change nothing
 * @throws UserError that names the input
 */
export const readGuardedInputs = (read: InputReader, looking: readonly string[]) => ({
  ...readFactoryInputs(read, looking),
  githubToken: read.optional('github-token'),
  allowed: readAllowed(read),
  summary: read.boolean('summary', true),
})

/**
 * The inputs of every action about one project in one environment, checked.
 * @param looking the modes that change nothing
 * @throws UserError that names the input
 */
export const readProjectInputs = (read: InputReader, looking: readonly string[]) => ({
  project: read.matching(
    'project',
    /^(?!000)\d{3}$/,
    'three digits from 001 to 999, e.g. 001 (quoted in YAML)',
  ),
  ...readGuardedInputs(read, looking),
})

/**
 * The inputs of an action that is about one project, or with `target: common` about the common area of an environment.
 * @param looking the modes that change nothing
 * @throws UserError that names the input
 */
export function readSubjectInputs(read: InputReader, looking: readonly string[]) {
  if (!isAboutCommonArea(read)) return readProjectInputs(read, looking)
  if (read.optional('project') === undefined)
    return { project: undefined, ...readGuardedInputs(read, looking) }
  throw new UserError({
    what: "Input 'project' means nothing with target common.",
    why: 'The common area of an environment is of no project.',
    fix: "Leave 'project' out, or the target.",
  })
}

/** Is the action asked about the common area, instead of a project? */
export const isAboutCommonArea = (read: InputReader): boolean =>
  read.choice('target', ['project', 'common'], 'project') === 'common'

/**
 * The input `allow`. All actions take the same words, so that a workflow can hand one list to each of them; what a word
 * is not about in an action changes nothing there.
 * @throws UserError that names what it may hold
 */
const readAllowed = (read: InputReader): readonly Allowance[] => read.list('allow').map(allowanceOf)

function allowanceOf(word: string): Allowance {
  const allowance = allowances.find((candidate) => candidate === word)
  if (allowance !== undefined) return allowance
  throw new UserError({
    what: `Input 'allow' holds ${JSON.stringify(word.slice(0, 80))}.`,
    fix: `It may hold ${allowances.slice(0, -1).join(', ')} and ${allowances.at(-1)}, one per line or separated by commas; or leave it empty.`,
  })
}
