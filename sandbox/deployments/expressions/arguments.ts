import { ExpressionError } from './errors.ts'
import { isArray, isObject, type Json, type JsonObject, typeName } from './json.ts'
import type { Scope } from './scope.ts'

/** The arguments of one call, read with Azure's complaints. */
export class Arguments {
  readonly function: string
  readonly values: readonly Json[]

  constructor(name: string, values: readonly Json[]) {
    this.function = name
    this.values = values
  }

  /** The argument at this place, any type. */
  at(index: number): Json {
    const value = this.values[index]
    if (value === undefined) throw this.wrong('the number of arguments is not right')
    return value
  }

  text(index: number): string {
    const value = this.at(index)
    return typeof value === 'string' ? value : this.#refuse(index, 'String', value)
  }

  optionalText(index: number): string | undefined {
    return this.values[index] === undefined ? undefined : this.text(index)
  }

  integer(index: number): number {
    const value = this.at(index)
    return typeof value === 'number' && Number.isInteger(value)
      ? value
      : this.#refuse(index, 'Integer', value)
  }

  boolean(index: number): boolean {
    const value = this.at(index)
    return typeof value === 'boolean' ? value : this.#refuse(index, 'Boolean', value)
  }

  list(index: number): readonly Json[] {
    const value = this.at(index)
    return isArray(value) ? value : this.#refuse(index, 'Array', value)
  }

  object(index: number): JsonObject {
    const value = this.at(index)
    return isObject(value) ? value : this.#refuse(index, 'Object', value)
  }

  /** All arguments as strings. */
  texts(): readonly string[] {
    return this.values.map((_, index) => this.text(index))
  }

  /** All arguments as integers, given one by one or as one list. */
  integers(): readonly number[] {
    const [only] = this.values
    const all = this.values.length === 1 && isArray(only) ? new Arguments(this.function, only) : this
    return all.values.map((_, index) => all.integer(index))
  }

  /** The error for arguments that are not right. */
  wrong(why: string): ExpressionError {
    return new ExpressionError(
      `Unable to evaluate template language function '${this.function}': ${why}. Please see https://aka.ms/arm-function-${this.function} for usage details.`,
    )
  }

  #refuse(index: number, expected: string, found: Json): never {
    throw this.wrong(
      `the type of argument '${index + 1}' is expected to be '${expected}', and it is '${typeName(found)}'`,
    )
  }
}

/** A function of the template language: how many arguments it takes, and what it returns. */
export interface TemplateFunction {
  readonly arity: readonly [number, number]
  readonly call: (given: Arguments, scope: Scope) => Json
}

/** Describes a function; `most` left out: exactly `least` arguments. */
export const takes = (
  least: number,
  most: number | undefined,
  call: TemplateFunction['call'],
): TemplateFunction => ({ arity: [least, most ?? least], call })

/** For functions with any number of arguments. */
export const many = Number.POSITIVE_INFINITY
