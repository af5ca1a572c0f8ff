import type { Cloud } from './cloud.ts'
import type { SharedCredential } from './credential.ts'
import type { Waiting } from './retry.ts'

/** A signed-in connection to one cloud; the services are opened from it. */
export interface Session extends Waiting {
  readonly cloud: Cloud
  readonly credential: SharedCredential
  readonly userAgent: string
  /** Begins a group of lines in the log. @returns what ends it */
  readonly startGroup?: ((title: string) => () => void) | undefined
}
