import type { StoredResource } from '../../contracts.ts'
import { at, records, text } from '../json.ts'
import type { World } from '../rules.ts'
import type { AgentLink, SoftDeleted } from '../state.ts'
import { forgetDeleted } from './deleted-resources.ts'

/** Subnets that the agents of an account run in. */
export const agentSubnetsOf = (account: StoredResource): readonly string[] =>
  records(at(account, 'properties.networkInjections')).flatMap(
    (injection) => text(at(injection, 'subnetArmId')) ?? [],
  )

/** Gives a deleted resource up before its time. The agents of an account take a while to leave their subnet. */
export function purgeDeleted(entry: SoftDeleted, world: World): void {
  forgetDeleted(entry.id, world)
  const { keepsAgentLinks, store, clock } = world
  if (typeof keepsAgentLinks === 'boolean') return
  const until = new Date(clock.now().getTime() + keepsAgentLinks.secondsAfterPurge * 1_000).toISOString()
  const links = agentSubnetsOf(entry.resource).map((subnet) => ({ account: entry.id, subnet, until }))
  store.state.agentLinks = [...agentLinks(world), ...links]
}

/** What purged accounts still hold on to. */
export const agentLinks = ({ store, clock }: World): readonly AgentLink[] =>
  (store.state.agentLinks ?? []).filter(({ until }) => Date.parse(until) > clock.now().getTime())
