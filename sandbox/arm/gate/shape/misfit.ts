/** A place in a request: names of members, and indexes of lists. */
export type Place = readonly (string | number)[]

/** What does not fit. */
export type Fault =
  | { readonly kind: 'unknown' | 'missing' | 'read-only' | 'twice'; readonly member: string }
  | { readonly kind: 'type'; readonly value: unknown; readonly expected: string }
  | { readonly kind: 'choice'; readonly value: string; readonly allowed: readonly string[] }
  | { readonly kind: 'bounds'; readonly value: unknown; readonly reason: string }

/** A value of a request that its description does not allow; the refusal is made from it. */
export class Misfit extends Error {
  override readonly name = 'Misfit'
  readonly fault: Fault
  readonly place: Place

  constructor(fault: Fault, place: Place) {
    super(`${fault.kind} at ${writePlace(place)}`)
    this.fault = fault
    this.place = place
  }
}

/** `properties.subnets[0].name` */
export function writePlace(place: Place): string {
  return place
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '')
}
