import type {
  Authorization,
  Caller,
  Clock,
  Directory,
  LakeAccounts,
  ResourceBody,
  StoredResource,
} from '../contracts.ts'
import type { Address } from './address.ts'
import type { Json } from './json.ts'
import type { Limits } from './limits.ts'
import type { Model } from './providers/models.ts'
import type { Store } from './store.ts'

/** How long the link of a deleted account stays in its subnet: not at all, until the account is purged, or for longer. */
export type KeepsAgentLinks = boolean | { readonly secondsAfterPurge: number }

/** What the rules of a type can look at and, once a write is accepted, change. */
export interface World {
  readonly store: Store
  readonly directory: Directory
  readonly authorization: Authorization
  readonly lake: LakeAccounts
  readonly clock: Clock
  readonly base: string
  readonly tenantId: string
  /** See `ArmDependencies.principalReplicationDelay`. */
  readonly principalReplicationDelay: number
  readonly limits: Limits
  /** See `ArmDependencies.keepsAgentLinks`. */
  readonly keepsAgentLinks: KeepsAgentLinks
  /** The models that can be deployed. */
  readonly models: readonly Model[]
  /** How registering with resource providers goes: as a fraction of Azure's own time, and without success for these. */
  readonly registrations: { readonly scale: number; readonly failing: readonly string[] }
  /** When a principal was first named to this resource manager, by object id, milliseconds. */
  readonly firstNamed: Map<string, number>
  /** True in a preview: whom a request names may be made by the same template, so that nobody knows him yet is no fault. */
  readonly assumesReferences: boolean
  /** Does the template of a preview make the resource of this id, or what it is part of? Then it counts as there. */
  readonly isPlanned: (id: string) => boolean
  /**
   * Does the template of a preview make something in the collection of this address, `{parent}/{type}`, of which not all
   * is known before it is deployed?
   */
  readonly mayPlan: (collection: string) => boolean
}

/** A PUT that is being considered. */
export interface Write {
  readonly address: Address
  readonly apiVersion: string
  readonly body: ResourceBody
  readonly properties: Json
  readonly existing: StoredResource | undefined
  /** The deleted resource that this PUT brings back. Its properties are among those of the write. */
  readonly recovered?: StoredResource
  readonly caller: Caller
}

/** A right on another resource that a write needs because it names that resource. */
export interface Link {
  readonly scope: string
  readonly action: string
}

/** What Azure does with resources of one type beyond what it does with all. Every part is optional. */
export interface ResourceRules {
  readonly type: string
  /** Whether the body carries a location. By default top-level resources of a resource group do. */
  readonly location?: 'required' | 'none'
  /** True when the type has no provisioning state, as role assignments have none. */
  readonly stateless?: boolean
  /** Properties without which the request is refused, as paths from the body's top. */
  readonly required?: readonly string[]
  /** Properties that no later PUT may change, as paths from the body's top. */
  readonly fixed?: readonly string[]
  /** Ids of what can only be changed by one operation at a time. */
  readonly lock?: (address: Address) => string | readonly string[] | undefined
  /** The refusal of a second operation. Default: what `conflicts.ts` says of Microsoft.Network. */
  readonly busy?: (held: string) => Error
  readonly links?: (write: Write, world: World) => readonly Link[]
  /** Throws the provider's refusal. */
  readonly check?: (write: Write, world: World) => void
  /** Properties as the provider stores them; pure. */
  readonly complete?: (write: Write, world: World) => Json
  /** What follows from an accepted write: children, records, accounts. Returns properties to add. */
  readonly applied?: (write: Write, resource: StoredResource, world: World) => Json | undefined
  /** Whether what follows is left out of previews, because only the running deployment finds free addresses. */
  readonly allocates?: boolean
  /** What a preview shows that only an accepted write would bring, so that an unchanged request shows no change. */
  readonly previewed?: (write: Write, resource: StoredResource, world: World) => Json
  /** For a type that only shows and changes what it lies at, as tags do: nothing is stored under its own id. */
  readonly view?: {
    /** Its properties; `undefined` when what it lies at is not there. */
    readonly read: (address: Address, world: World) => Json | undefined
    readonly write: (write: Write, world: World) => void
    readonly clear: (address: Address, world: World) => void
  }
  /** What is derived when the resource is read. */
  readonly render?: (resource: StoredResource, world: World) => StoredResource
  /** Throws when the resource cannot go. */
  readonly checkRemoval?: (resource: StoredResource, world: World) => void
  /** What follows from a removal. */
  readonly removed?: (resource: StoredResource, world: World) => void
}

/** The resource that an id names; the refusal is thrown when it is absent, unless the same template makes it. */
export function referenced(world: World, id: string, refuse: () => Error): StoredResource | undefined {
  const found = world.store.get(id)
  if (found === undefined && !world.isPlanned(id)) throw refuse()
  return found
}
