import { hasCode } from '../../azure/failure.ts'
import type { Creation, Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { CreateStep } from '../../network/reserve.ts'

/** Something changed between the snapshot and the step, so that the rest has to be planned again. */
export interface Conflict {
  /** A sentence. */
  readonly what: string
  /** What Azure refused because of it. */
  readonly cause?: UserError
}

/** The range was removed from the VNet. `NetcfgInvalidSubnet` comes while a VNet is being resized. */
const rangeIsGone = ['NetcfgSubnetRangeOutsideVnet', 'NetcfgInvalidSubnet']

/** Creates a network security group or a subnet, unless it exists. */
export async function createResource(step: CreateStep, resources: Resources): Promise<Creation | Conflict> {
  const { id, apiVersion, body } = step
  try {
    return await resources.create(id, apiVersion, body)
  } catch (error) {
    const conflict = error instanceof UserError ? await conflictOf(error, step, resources) : undefined
    if (conflict === undefined) throw error
    return conflict
  }
}

/** The conflict behind a refusal; undefined when Azure refused for another reason. */
async function conflictOf(
  cause: UserError,
  { kind, name, securityGroupId }: CreateStep,
  resources: Resources,
): Promise<Conflict | undefined> {
  const { cause: answer } = cause.parts
  if (kind !== 'subnet') return undefined
  if (hasCode(answer, 'NetcfgSubnetRangesOverlap')) {
    return { what: `Another run took the addresses of '${name}' first.`, cause }
  }
  if (hasCode(answer, ...rangeIsGone)) {
    return { what: `The addresses of '${name}' are no longer in the VNet's address space.`, cause }
  }
  if (securityGroupId === undefined || !hasCode(answer, 'InvalidResourceReference')) return undefined
  const group = await resources.read(securityGroupId, groupVersion)
  if (group !== undefined) return undefined
  return { what: `The network security group of '${name}' was deleted in the meantime.`, cause }
}

const groupVersion = apiVersions['Microsoft.Network/networkSecurityGroups']
