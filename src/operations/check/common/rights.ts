import { azureError } from '../../../azure/errors.ts'
import { isForbidden } from '../../../azure/failure.ts'
import { deliveryCondition } from '../../delivery-condition.ts'
import type { RolesToGive } from '../check-report.ts'
import { objectIdOf } from '../delivering-identity.ts'
import { deliveryRoles, roleCommands } from '../delivery-roles.ts'
import { type Finding, unchecked } from '../finding.ts'
import { type Delivering, type JudgedRight, judgeRights, rightsFindings } from '../judged-rights.ts'
import type { CommonNeeds, LaterStep } from './needed-rights.ts'
import type { CommonSituation } from './situation.ts'

/** May the identity that delivers do all that the delivery does? By its role assignments, whoever is looking. */
export async function checkCommonRights(
  { area, session, resources, identity: findIdentity }: CommonSituation,
  rights: () => Promise<CommonNeeds>,
): Promise<readonly Finding[]> {
  const { factory, ids } = area
  const [identity, { needed, later, hasGroup }] = await Promise.all([findIdentity(), rights()])
  const ofLater = later.flatMap((step) => step.rights)
  const { resourceGroup } = ids
  const delivering: Delivering = { session, resources, factory, identity, resourceGroup, hasGroup }
  try {
    const { each } = await judgeRights(delivering, [...needed, ...ofLater])
    const isLater = ({ right }: JudgedRight): boolean => ofLater.includes(right)
    const now = await rightsFindings(
      delivering,
      each.filter((one) => !isLater(one)),
    )
    const findings = [...now, ...laterFindings(later, each)]
    if (findings.length > 0) return findings
  } catch (error) {
    // Azure shows an identity without any role in a subscription nothing of it.
    if (!isForbidden(error)) throw error
    return [identity.isSelf ? noRole(factory.subscriptionId) : notSeen]
  }
  return [
    {
      severity: 'good',
      what: `The delivering identity has all ${needed.length + ofLater.length} rights that this delivery needs.`,
    },
  ]
}

const noRole = (subscriptionId: string): Finding => ({
  severity: 'fault',
  what: `The delivering identity has no rights in subscription ${subscriptionId} that it could see.`,
  why: 'It has no role there, or one that was assigned a few minutes ago.',
  fix: "Run 'npm run setup', which assigns its roles, or check clientId and subscriptionId in factory.yml.",
})

const notSeen = unchecked(
  'Rights of the delivering identity: not checked.',
  'The identity that checks may not see the role assignments of the subscription.',
  'Give it Reader there, or check in the job of the environment.',
)

/** What the later steps take stops nothing before them: the area itself is delivered. */
const laterFindings = (later: readonly LaterStep[], judged: readonly JudgedRight[]): readonly Finding[] =>
  later
    .filter(({ rights }) =>
      judged.some(({ right, result }) => rights.includes(right) && result.kind === 'missing'),
    )
    .map(({ lacking, why }) => ({
      severity: 'warning',
      what: lacking,
      why,
      fix: "Run 'npm run setup' before that.",
    }))

/** Is the list of rights whole? What could not be looked at may take others. */
export async function checkListOfRights(
  _: CommonSituation,
  rights: () => Promise<CommonNeeds>,
): Promise<readonly Finding[]> {
  const { unseen } = await rights()
  return unseen.map(({ what, takes, error }) =>
    unchecked(
      `${takes}: the list of rights may lack some of them.`,
      `${what} could not be read: ${azureError(error, what).parts.what}`,
      'Check again in the job of the environment, or signed in as somebody who may read it.',
    ),
  )
}

/** The roles that allow exactly what is needed, for those who give them. */
export async function commonRolesToGive(
  { area, identity }: CommonSituation,
  { needed, later, hasGroup }: CommonNeeds,
): Promise<RolesToGive> {
  const { factory, ids } = area
  const roles = deliveryRoles([...needed, ...later.flatMap((step) => step.rights)], {
    subject: `the common area of ${factory.name} in ${factory.environment}`,
    subscription: `/subscriptions/${factory.subscriptionId}`,
    group: ids.resourceGroup,
    network: ids.virtualNetwork,
    condition: deliveryCondition(factory),
    hasGroup,
  })
  const objectId = await objectIdOf(identity)
  return { roles, commands: roleCommands(roles, objectId) }
}
