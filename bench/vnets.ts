import { type Cidr, cidr, formatCidr, sizeOf } from '../src/cidr.ts'

/** A VNet in use. */
export interface VnetInUse {
  readonly prefix: Cidr
  readonly taken: readonly Cidr[]
}

/** Numbers from 0 to 1 that look like chance and are the same each time. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}

/** So many subnets of /24 to /28 in a prefix, one in each equal part of it, with gaps all over. */
export function vnetInUse(prefix: string, count: number): VnetInUse {
  const random = dice(count)
  const whole = cidr(prefix)
  const part = 2 ** Math.floor(Math.log2(sizeOf(whole.prefixLength) / count))
  const taken = Array.from({ length: count }, (_, index): Cidr => {
    const prefixLength = 24 + Math.floor(random() * 5)
    const size = sizeOf(prefixLength)
    const places = Math.max(1, Math.floor(part / size))
    return {
      first: whole.first + index * Math.max(part, size) + Math.floor(random() * places) * size,
      prefixLength,
    }
  })
  return { prefix: whole, taken }
}

/** The networks as other libraries take them. */
export const texts = (networks: readonly Cidr[]): string[] => networks.map(formatCidr)
