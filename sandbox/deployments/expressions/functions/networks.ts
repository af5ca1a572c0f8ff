import { type Arguments, takes } from '../arguments.ts'

interface Network {
  readonly first: number
  readonly length: number
}

const pattern = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/

function network(given: Arguments): Network {
  const found = pattern.exec(given.text(0))?.slice(1).map(Number) ?? []
  const [length = 33, ...bytes] = [found[4], ...found.slice(0, 4)]
  if (bytes.length !== 4 || bytes.some((byte) => byte > 255) || length > 32)
    throw given.wrong(`'${given.text(0)}' is not an IPv4 network in CIDR notation`)
  const address = bytes.reduce((value, byte) => value * 256 + byte, 0)
  return { first: address - (address % 2 ** (32 - length)), length }
}

const address = (value: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join('.')

/**
 * Functions for networks; IPv4 only.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-cidr
 */
export const networkFunctions = {
  parseCidr: takes(1, undefined, (given) => {
    const { first, length } = network(given)
    const last = first + 2 ** (32 - length) - 1
    return {
      network: address(first),
      netmask: address(2 ** 32 - 2 ** (32 - length)),
      broadcast: address(last),
      firstUsable: address(Math.min(first + 1, last)),
      lastUsable: address(Math.max(last - 1, first)),
      cidr: length,
    }
  }),
  cidrSubnet: takes(3, undefined, (given) => {
    const { first, length } = network(given)
    const [wanted, index] = [given.integer(1), given.integer(2)]
    if (wanted < length || wanted > 32) throw given.wrong(`a /${wanted} is no part of a /${length}`)
    if (index < 0 || index >= 2 ** (wanted - length))
      throw given.wrong(`there is no subnet number '${index}'`)
    return `${address(first + index * 2 ** (32 - wanted))}/${wanted}`
  }),
  cidrHost: takes(2, undefined, (given) => {
    const { first, length } = network(given)
    const index = given.integer(1)
    if (index < 0 || index >= 2 ** (32 - length) - 2) throw given.wrong(`there is no host number '${index}'`)
    return address(first + 1 + index)
  }),
}
