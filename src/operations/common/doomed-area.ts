import type { ExistingStack } from '../../azure/deployment-stacks.ts'
import { keepsFromGoing, type Lock, listLocks } from '../../azure/locks.ts'
import type { CommonStack } from '../../catalog/common/types.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import type { ReleasePlan } from '../../network/release.ts'
import type { Kept } from '../../network/release-kept.ts'
import type { Change } from '../../plan/model.ts'
import { isWithin, sameText } from '../../resource-id.ts'
import { commonStack } from '../area/common-stacks.ts'
import { type ProjectThere, projectsIn } from '../area/projects-in.ts'
import type { ThingsOfOthers } from '../area/things-in-zones.ts'
import { wantedHub } from '../area/wanted-hub.ts'
import { listGroup, ownIn } from '../destroy/read-group.ts'
import { hasOwnTags, isManaged, type OwnedGroup, otherOwner } from '../group-owner.ts'
import { type Inside, readInside } from '../removal/inside.ts'
import { withLoss } from '../removal/loss.ts'
import { type Piece, pieceOf, pieceRow, rootOf } from '../removal/piece.ts'
import { type Retirement, retirementsOf } from '../removal/retirement.ts'
import { readSoftDeleted, type SoftDeleted } from '../removal/soft-deleted.ts'
import { stillThere } from '../removal/still-there.ts'
import { usesOfOthers } from '../removal/uses-of-others.ts'
import type { StackTarget } from '../stack-target.ts'
import type { CommonServices } from './common-services.ts'
import { detachedIn } from './detached.ts'
import { type HubLeft, hubChanges, peeredHubs, sidesOfHubs } from './hub-left.ts'
import { occupantGoing } from './occupant-going.ts'
import { thingsOfOthers } from './things-of-others.ts'

/** One of the deployment stacks, with what goes with it. */
export interface DoomedStack {
  readonly target: StackTarget
  readonly stack: ExistingStack | undefined
  /** What it manages and is there, but for its resource group. */
  readonly pieces: readonly Piece[]
  readonly retirements: readonly Retirement[]
}

/** All that an environment's common area has. */
export interface DoomedArea {
  readonly area: CommonArea
  readonly network: DoomedStack
  readonly common: DoomedStack
  readonly subnets: ReleasePlan | undefined
  readonly group: OwnedGroup | undefined
  /** Does anything show that this factory made the resource group? */
  readonly isOurs: boolean
  /** What this factory made in it, and no deployment stack has any more. */
  readonly detached: readonly Piece[]
  /** What others have put into it. */
  readonly foreign: readonly Piece[]
  readonly inside: Inside
  readonly softDeleted: readonly SoftDeleted[]
  /** The other sides of its peerings. */
  readonly hubs: readonly HubLeft[]
  /** What keeps something of it from being deleted. */
  readonly locks: readonly Lock[]
  readonly projects: readonly ProjectThere[]
  /** What others have in it that would go too, or keep it from going. */
  readonly ofOthers: ThingsOfOthers
  /** About who else used it, sentences. */
  readonly uses: readonly string[]
}

/**
 * Reads all that there is of a common area. Changes nothing.
 * @throws UserError when the resource group belongs to somebody else
 */
export async function readDoomedArea(
  area: CommonArea,
  services: CommonServices,
  purge: boolean,
): Promise<DoomedArea> {
  const { factory, ids } = area
  const { resources, session } = services
  const { subscriptionId } = factory
  const [group, inGroup, locks, projects, softDeleted, vnet] = await Promise.all([
    resources.read(ids.resourceGroup, apiVersions['Microsoft.Resources/resourceGroups']),
    listGroup(ids.resourceGroup, resources),
    listLocks(session, `/subscriptions/${subscriptionId}`),
    projectsIn(area, services),
    readSoftDeleted(subscriptionId, ids.resourceGroup, resources),
    services.networks.find(ids.virtualNetwork),
  ])
  const [network, common] = await Promise.all([
    readStack('network', area, inGroup, services, purge),
    readStack('common', area, inGroup, services, purge),
  ])
  const refusal = group && otherOwner(group, common.target.owner, common.target.texts.noun)
  if (refusal !== undefined) throw refusal
  const managed = [network, common].flatMap(({ stack }) => stack?.resourceIds ?? [])
  const pieces = [...network.pieces, ...common.pieces]
  const subnets = await services.subnets.planRelease('all', occupantGoing(pieces))
  const isOurs = isManaged(managed, ids.resourceGroup) || hasOwnTags(group, common.target.owner)
  const named = [...network.target.namedIds, ...common.target.namedIds]
  const claimed = [...(subnets?.groups ?? []), ...neededGroups(subnets)].map(({ id }) => id)
  const own = ownIn(inGroup, { isOurs, managed: [...managed, ...claimed] }, named)
  const isGoing = (id: string): boolean => isWithin(id, ids.resourceGroup)
  const peered = await peeredHubs(ids.virtualNetwork, managed, services)
  const hubs = new Map([...peered, wantedHub(area) ?? []].flat().map((hub) => [hub.toLowerCase(), hub]))
  const [inside, ofOthers, sides, uses, detached] = await Promise.all([
    readInside(pieces, resources),
    thingsOfOthers({ pieces, network: vnet, subnets }, resources),
    sidesOfHubs(ids.virtualNetwork, [...hubs.values()], services),
    usesOfOthers({ pieces, subscriptionId, isGoing }, resources),
    detachedIn(area, [network, common], resources),
  ])
  const isDetached = ({ id }: Piece): boolean => detached.some((one) => sameText(one.id, id))
  return {
    area,
    network,
    common,
    subnets,
    group,
    isOurs,
    detached,
    foreign: inGroup.filter((piece) => !own.includes(piece) && !isDetached(piece)),
    inside,
    softDeleted,
    hubs: sides,
    locks: locks.filter((lock) => keepsFromGoing(lock, ids.resourceGroup)),
    projects,
    ofOthers,
    uses: [...uses.warnings, ...uses.unseen],
  }
}

async function readStack(
  which: CommonStack,
  area: CommonArea,
  inGroup: readonly Piece[],
  { stacks, resources }: CommonServices,
  purge: boolean,
): Promise<DoomedStack> {
  const target = commonStack(area, which)
  const stack = await stacks.readSettled(target.name)
  const managed = (stack?.resourceIds ?? []).filter((id) => !sameText(id, area.ids.resourceGroup))
  const isListed = (id: string): boolean => inGroup.some((piece) => sameText(piece.id, rootOf(id)))
  const unlisted = await stillThere(
    managed.filter((id) => !isListed(id)),
    resources,
  )
  const pieces = managed.filter((id) => isListed(id) || unlisted.includes(id)).map(pieceOf)
  return { target, stack, pieces, retirements: await retirementsOf(pieces, purge, resources) }
}

/** Network security groups of common subnets that stay. */
const neededGroups = (subnets: ReleasePlan | undefined): readonly Kept[] =>
  (subnets?.kept ?? []).filter(({ kind, why }) => kind === 'network security group' && why === 'needed')

/** All of it as a plan shows it. */
export function doomedChanges(doomed: DoomedArea): readonly Change[] {
  const { network, common, subnets, inside, group, isOurs, detached, foreign, softDeleted, hubs, area } =
    doomed
  const isInside = ({ id }: Piece): boolean => inside.changes.some(({ scope = '' }) => sameText(scope, id))
  const rowsOf = ({ stack, target, pieces, retirements }: DoomedStack): readonly Change[] => [
    ...(stack === undefined
      ? []
      : [{ change: 'delete', kind: 'deployment stack', name: target.name } as const]),
    ...[...retirements.flatMap(({ parts }) => parts), ...pieces]
      .filter((piece) => !isInside(piece))
      .map((piece) => withLoss({ change: 'delete', ...pieceRow(piece) })),
  ]
  const stays = !isOurs
    ? 'Neither a deployment stack nor its tags show that this factory made it.'
    : detached.length > 0
      ? 'What this factory made is in it without a deployment stack.'
      : foreign.length > 0
        ? 'Others have put something into it.'
        : undefined
  return [
    ...rowsOf(common),
    ...inside.changes.map(withLoss),
    ...(subnets?.changes ?? []),
    ...neededGroups(subnets).map(
      ({ kind, name, id, reason }) =>
        ({ change: 'keep', kind, name, scope: id, reason: `It stays: ${reason}.` }) as const,
    ),
    ...hubChanges(hubs, area.ids.virtualNetwork),
    ...rowsOf(network),
    ...(group === undefined
      ? []
      : [
          {
            change: stays === undefined ? 'delete' : 'keep',
            kind: 'resource group',
            name: area.names.resourceGroup,
            scope: group.id,
            ...(stays !== undefined && { reason: stays }),
          } as const,
        ]),
    ...detached.map(
      (piece) =>
        ({
          change: 'keep',
          ...pieceRow(piece),
          reason: 'This factory made it, and no deployment stack has it any more.',
        }) as const,
    ),
    ...foreign.map(
      (piece) => ({ change: 'keep', ...pieceRow(piece), reason: 'Others made it, so it stays.' }) as const,
    ),
    ...softDeleted.map(keptChange),
  ]
}

const keptChange = ({ piece, until }: SoftDeleted): Change => ({
  change: 'keep',
  kind: `softly deleted ${piece.type}`,
  name: piece.name,
  scope: piece.id,
  reason: `Azure keeps it${until === '' ? '' : ` until ${until.slice(0, 10)}`}.`,
})
