import { createHash } from 'node:crypto'

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits))
const first = 0x239b961b
const second = 0xab0e9789

function finish(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return (twice ^ (twice >>> 16)) >>> 0
}

/** The 64-bit Murmur hash (the 3rd, two lanes of 32 bits) that Azure Resource Manager uses. */
function hash(bytes: Buffer): bigint {
  const padded = Buffer.concat([bytes, Buffer.alloc(8)])
  const blocks = Math.floor(bytes.length / 8)
  let low = 0
  let high = 0
  const mix = (at: number): readonly [number, number] => [
    Math.imul(rotate(Math.imul(padded.readInt32LE(at), first), 15), second),
    Math.imul(rotate(Math.imul(padded.readInt32LE(at + 4), second), 17), first),
  ]
  for (let block = 0; block < blocks; block += 1) {
    const [left, right] = mix(block * 8)
    low = (Math.imul((rotate(low ^ left, 19) + high) | 0, 5) + 0x561ccd1b) | 0
    high = (Math.imul((rotate(high ^ right, 13) + low) | 0, 5) + 0x0bcaa747) | 0
  }
  const [left, right] = mix(blocks * 8)
  low ^= left ^ bytes.length
  high ^= right ^ bytes.length
  const sum = (low + high) | 0
  const one = finish(sum)
  const two = finish((high + sum) | 0)
  const lower = (one + two) >>> 0
  return (BigInt((two + lower) >>> 0) << 32n) | BigInt(lower)
}

/**
 * The template function `uniqueString`: 13 characters of a-z and 2-7, equal to Azure's for the same arguments.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string#uniquestring
 */
export function uniqueString(values: readonly string[]): string {
  const value = hash(Buffer.from(values.join('-'), 'utf8'))
  const digit = (at: number): string =>
    alphabet.charAt(Number((at < 12 ? value >> BigInt(59 - at * 5) : value << 1n) & 31n))
  return Array.from({ length: 13 }, (_, at) => digit(at)).join('')
}

const namespace = Buffer.from('11fb06fb712d4ddd98c7e71bbd588830', 'hex')

/**
 * The template function `guid`: the UUID (version 5) of the arguments joined with `-` in Azure's namespace.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string#guid
 */
export function deterministicGuid(values: readonly string[]): string {
  const digest = createHash('sha1').update(namespace).update(values.join('-'), 'utf8').digest()
  const bytes = Buffer.from(digest.subarray(0, 16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
