import { printable } from '../diagnostics/escape.ts'
import type { Explanation } from './explanations/explanation.ts'
import { hasCode, readFailure } from './failure.ts'

/** No credential of the application has the subject of the job's token. */
const codes = ['AADSTS700213', 'AADSTS70021', 'AADSTS7002138'] as const

/** The GitHub environment that a subject names; undefined when it names none. */
const environmentIn = (subject: string): string | undefined =>
  /:environment:([^:]+)/.exec(subject)?.[1]?.replaceAll('%3A', ':')

/** An identity that only looks: runs are it when their input names it. */
export interface PlanningIdentity {
  readonly clientId: string
  readonly githubEnvironment: string
}

/**
 * Why Entra does not know the subject of a job, when the job ran in another GitHub environment than the one whose identity
 * it asked for. A credential for that other environment would let its jobs in, past the approvals of this one, so it is
 * never the answer.
 * @param wanted the GitHub environment whose jobs are the identity
 * @param planning the identity that the job may have meant
 * @returns undefined when the environment is right, or not known
 */
export function wrongEnvironment(
  error: unknown,
  wanted: string | undefined,
  planning?: PlanningIdentity,
): Explanation | undefined {
  if (wanted === undefined || !hasCode(error, ...codes)) return undefined
  const [, subject] = /subject:? '([^']+)'/i.exec(readFailure(error).message) ?? []
  const found = subject === undefined ? undefined : environmentIn(subject)
  if (subject === undefined || found === wanted) return undefined
  const where =
    found === undefined ? 'in no GitHub environment' : `in the GitHub environment '${printable(found)}'`
  const instead =
    planning !== undefined && found === planning.githubEnvironment
      ? `To plan or check only, give it the input 'client-id: ${planning.clientId}', the identity of '${found}'. To change something, let`
      : 'Let'
  return {
    why: `The job ran ${where}, and asked for the identity of '${wanted}', which only jobs in '${wanted}' can be.`,
    fix: `${instead} the job run in the GitHub environment it is about ('environment: ${wanted}' in the workflow), or give it the 'environment' that it runs in.`,
  }
}
