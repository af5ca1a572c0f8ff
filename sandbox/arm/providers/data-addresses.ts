import type { World } from '../rules.ts'

/**
 * Where the data of a service is reached: below the sandbox's own address, never off the machine. Nothing but the lake is served
 * there: whoever asks is told that nobody knows the address.
 */
export function dataAddress(world: World, service: string, name: string): string {
  return `${world.base}/${service}/${name.toLowerCase()}/`
}

/** A host name that leads nowhere, where a client is given nothing but a name: https://www.rfc-editor.org/rfc/rfc6761#section-6.4 */
export function hostName(name: string, service: string): string {
  return `${name.toLowerCase()}.${service}.sandbox.invalid`
}
