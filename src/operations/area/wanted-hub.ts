import type { CommonArea } from '../../compose/compose-common.ts'
import { textAt } from '../../manifest/reading.ts'

/** The hub that factory.yml asks for a peering with. */
export const wantedHub = ({ factory: { common } }: Pick<CommonArea, 'factory'>): string | undefined =>
  common.hubPeering.kind === 'own' ? textAt(common.hubPeering.options, ['hub']) : undefined
