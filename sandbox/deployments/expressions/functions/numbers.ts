import { type Arguments, many, takes } from '../arguments.ts'

const divisor = (given: Arguments): number => {
  const value = given.integer(1)
  if (value === 0) throw given.wrong('attempted to divide by zero')
  return value
}

/**
 * Functions for numbers: all numbers are integers.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-numeric
 */
export const numberFunctions = {
  add: takes(2, undefined, (given) => given.integer(0) + given.integer(1)),
  sub: takes(2, undefined, (given) => given.integer(0) - given.integer(1)),
  mul: takes(2, undefined, (given) => given.integer(0) * given.integer(1)),
  div: takes(2, undefined, (given) => Math.trunc(given.integer(0) / divisor(given))),
  mod: takes(2, undefined, (given) => given.integer(0) % divisor(given)),
  max: takes(1, many, (given) => Math.max(...given.integers())),
  min: takes(1, many, (given) => Math.min(...given.integers())),
  int: takes(1, undefined, (given) => {
    const value = given.at(0)
    const number = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value
    if (typeof number !== 'number') throw given.wrong('the value cannot be converted to an integer')
    return Math.trunc(number)
  }),
  float: takes(1, undefined, (given) => {
    const number = Number(given.at(0))
    if (Number.isNaN(number)) throw given.wrong('the value cannot be converted to a number')
    return number
  }),
  range: takes(2, undefined, (given) => {
    const [start, count] = [given.integer(0), given.integer(1)]
    if (count < 0 || count > 10_000) throw given.wrong("the 'count' must be between 0 and 10000")
    return Array.from({ length: count }, (_, index) => start + index)
  }),
}
