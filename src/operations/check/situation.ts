import { desiredAccess } from '../../access/desired-access.ts'
import type { DesiredAccess } from '../../access/model.ts'
import type { Session } from '../../azure/session.ts'
import { type AccessServices, openAccessServices } from '../access/access-services.ts'
import { accessSource } from '../access/access-source.ts'
import type { DescribedProject } from '../project.ts'

/** What all checks look at: a delivery that has not begun. */
export interface Situation {
  readonly target: DescribedProject
  readonly session: Session
  readonly services: AccessServices
  /** The groups, members and role assignments that the delivery makes. */
  readonly desired: DesiredAccess
}

/** Opens the clients once for all checks. */
export const openSituation = async (session: Session, target: DescribedProject): Promise<Situation> => ({
  target,
  session,
  services: await openAccessServices(session, target.project.factory),
  desired: desiredAccess(accessSource(target)),
})
