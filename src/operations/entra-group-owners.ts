import type { GroupOwners } from '../azure/group-ownership.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'

/** The identities that own the Entra groups of an environment. */
export const groupOwners = ({
  clientId,
  identities: { people },
  administrativeUnit: unit,
}: ResolvedFactory): GroupOwners => ({ delivering: clientId, people, unit })
