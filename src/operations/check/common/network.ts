import { UserError } from '../../../diagnostics/user-error.ts'
import { type Finding, faultOf } from '../finding.ts'
import type { CommonSituation } from './situation.ts'

/** Do the common subnets fit the VNet, and its addresses the hub, and does what has their names belong to the common area? */
export async function checkCommonNetwork({ subnets }: CommonSituation): Promise<readonly Finding[]> {
  try {
    const { subnets: planned, network, warnings } = await subnets.plan()
    const released = await subnets.planRelease('unneeded')
    const all = Object.values(planned)
    const missing = all.filter((subnet) => subnet?.state === 'planned').length
    return [
      ...[...warnings, ...(released?.warnings ?? [])].map((what): Finding => ({ severity: 'warning', what })),
      {
        severity: 'good',
        what: `The common subnets fit VNet '${network.name}': ${missing === 0 ? 'all are there' : `${missing} of ${all.length} to come`}.`,
      },
    ]
  } catch (error) {
    if (!(error instanceof UserError) || error.parts.cause !== undefined) throw error
    const { faults } = error.parts
    if (faults === undefined) return [faultOf(error)]
    return faults.map((fault): Finding => ({ severity: 'fault', ...fault }))
  }
}
