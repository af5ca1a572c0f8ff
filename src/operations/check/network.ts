import { UserError } from '../../diagnostics/user-error.ts'
import { type Finding, faultOf, unchecked } from './finding.ts'
import type { Situation } from './situation.ts'

/** Do the project's subnets fit the VNet, and does what has their names belong to the project? */
export async function checkNetwork({ network }: Situation): Promise<readonly Finding[]> {
  try {
    const { subnets, missing, warnings, unseen } = await network()
    const count = Object.keys(subnets).length
    return [
      ...warnings.map((what): Finding => ({ severity: 'warning', what })),
      ...unseen.map((what) =>
        unchecked(
          what,
          'This identity may not read it.',
          'Give it Reader there, to have it checked. When it is missing, the subnet cannot be created.',
        ),
      ),
      {
        severity: 'good',
        what: `The ${count} subnets of the project fit the VNet; ${missing.length} are to come.`,
      },
    ]
  } catch (error) {
    if (!(error instanceof UserError) || error.parts.cause !== undefined) throw error
    return [faultOf(error)]
  }
}
