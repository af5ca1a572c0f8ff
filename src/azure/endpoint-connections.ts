import { z } from 'zod'
import type { JsonObject } from '../json.ts'

/** The connection of a private endpoint with the resource that it leads to, as that resource shows it. */
export interface EndpointConnection {
  /** Resource id of the private endpoint; empty when Azure does not say. */
  readonly endpoint: string
  /** `Pending`, `Approved`, `Rejected`, `Disconnected`; empty when Azure does not say. */
  readonly status: string
}

const schema = z.object({
  privateEndpoint: z.object({ id: z.string().default('') }).nullish(),
  privateLinkServiceConnectionState: z.object({ status: z.string().default('') }).nullish(),
})

/** The connection that the properties of a member of `privateEndpointConnections` describe; undefined when they do not. */
export function endpointConnectionIn(properties: JsonObject): EndpointConnection | undefined {
  const { success, data } = schema.safeParse(properties)
  if (!success) return undefined
  return {
    endpoint: data.privateEndpoint?.id ?? '',
    status: data.privateLinkServiceConnectionState?.status ?? '',
  }
}
