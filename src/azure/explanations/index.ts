import { connectionExplanations } from './connections.ts'
import { dataLakeExplanations } from './data-lake.ts'
import { deploymentExplanations } from './deployments.ts'
import { type CodedMessage, type Explanation, explanationIn } from './explanation.ts'
import { networkExplanations } from './network.ts'
import { rightExplanations } from './rights.ts'
import { serviceExplanations } from './services.ts'
import { signInExplanations } from './sign-in.ts'

/** All of them. The sources are the links; codes of Entra start with AADSTS. */
const explanations = [
  ...signInExplanations,
  ...connectionExplanations,
  ...rightExplanations,
  ...deploymentExplanations,
  ...serviceExplanations,
  ...networkExplanations,
  ...dataLakeExplanations,
] as const

/** Why the first of these errors that is known happens, and how to fix it. */
export function explain(errors: readonly CodedMessage[]): Explanation | undefined {
  for (const error of errors) {
    const found = explanationIn(explanations, error)
    if (found !== undefined)
      return { why: found.why, fix: found.fix, ...(found.more && { more: found.more }) }
  }
  return undefined
}
