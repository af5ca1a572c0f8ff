import { poll } from '../../azure/long-running.ts'
import type { Session } from '../../azure/session.ts'
import type { ReleasePlan, SubnetInUse } from '../../network/release.ts'

/**
 * Waits until no subnet is in use by a service alone: Azure removes the link of a deleted service (`serviceAssociationLinks`) by
 * itself, minutes later by the documents. What else is in use is not waited for.
 * @param minutes the longest wait; 0 looks once
 */
export async function waitForServices(
  read: () => Promise<ReleasePlan>,
  minutes: number,
  { progress, sleep }: Pick<Session, 'progress' | 'sleep'>,
): Promise<ReleasePlan> {
  let waited = 0
  const counted = async (milliseconds: number): Promise<void> => {
    waited += milliseconds
    await sleep(milliseconds)
  }
  const look = async (): Promise<ReleasePlan | undefined> => {
    const plan = await read()
    return waited >= minutes * 60_000 || !plan.inUse.some(isHeldByService) ? plan : undefined
  }
  return poll(look, `Azure to let go of the subnets, at most ${minutes} min`, { progress, sleep: counted })
}

const isHeldByService = ({ subnet: { occupants = [] } }: SubnetInUse): boolean =>
  occupants.length > 0 && occupants.every(({ kind }) => kind === 'service')
