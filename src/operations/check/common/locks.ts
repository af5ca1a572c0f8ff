import type { Finding } from '../finding.ts'
import { findLocks } from '../locks.ts'
import type { CommonNeeds } from './needed-rights.ts'
import type { CommonSituation } from './situation.ts'

/** Does a management lock stand where the delivery of the common area writes, or where a later one has to delete? */
export const checkCommonLocks = async (
  { session, area }: CommonSituation,
  rights: () => Promise<CommonNeeds>,
): Promise<readonly Finding[]> =>
  findLocks({
    ...area.ids,
    session,
    subscriptionId: area.factory.subscriptionId,
    needed: (await rights()).needed,
  })
