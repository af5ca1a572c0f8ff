import type { ResourceIds } from '../catalog/resource-ids.ts'
import type { ResolvedProject } from '../manifest/resolved.ts'
import type { RunRecord } from '../plan/run-record.ts'

/** One step that has run. */
export interface DeliveredRun extends RunRecord {
  /** Requests that it made, where somebody counted them. */
  readonly calls?: number
}

/** A project in one environment, as its documents describe it. */
export interface DescribedEnvironment {
  readonly project: ResolvedProject
  readonly resourceGroup: string
  readonly ids: ResourceIds
}

/** Something with an address, which may have none. */
export interface Named {
  readonly name: string
  readonly url?: string
}

/** Where a delivery ran, and where what it is about can be seen. */
export interface Origin {
  /** The run, e.g. `Run 123 of Deliver`. */
  readonly run?: Named
  readonly actor?: string
  /** The manifest, and the commit it was delivered from. */
  readonly manifest?: Named
  readonly commit?: Named
  /** The Azure portal of the cloud, e.g. `https://portal.azure.com`; absent where there is none. */
  readonly portal?: string
  /** How to run it again, as a command. */
  readonly again: string
  /** What a reader has to know about it, one sentence. */
  readonly note?: string
}

/** All that a report is made of. */
export interface Delivery {
  /** In the order in which they ran. Nothing that they say is trusted to be well-formed. */
  readonly runs: readonly DeliveredRun[]
  /** The environments, also those that were not reached. */
  readonly environments: readonly string[]
  /** By environment; absent where the documents cannot be read. */
  readonly described: ReadonlyMap<string, DescribedEnvironment>
  readonly origin: Origin
}
