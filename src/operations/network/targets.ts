import { readCommonArea } from '../common-area.ts'
import type { NewestSubject } from '../newest/standing.ts'
import type { OperationContext } from '../operation.ts'
import { askedFor } from '../orphan.ts'
import { readProject } from '../project.ts'
import { commonTarget } from './common-target.ts'
import { projectTarget } from './project-target.ts'
import type { SubnetTarget } from './subnet-target.ts'

/**
 * Reads the documents, and decides whose subnets are meant.
 * @throws UserError with every fault of the document that has some
 */
export const subnetTarget = async (
  subject: NewestSubject,
  context: OperationContext,
): Promise<SubnetTarget> =>
  subject.project === undefined
    ? commonTarget(readCommonArea(subject))
    : projectTarget(await askedFor(subject, context))

/** The same without a call. */
export const subnetTargetOffline = (subject: NewestSubject): SubnetTarget =>
  subject.project === undefined ? commonTarget(readCommonArea(subject)) : projectTarget(readProject(subject))
