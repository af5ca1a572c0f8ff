import type { Json, JsonObject } from './json.ts'

/** What the functions about the place of a deployment return. */
export interface Place {
  readonly tenant: JsonObject
  readonly subscription?: JsonObject
  readonly resourceGroup?: JsonObject
  readonly deployment: JsonObject
  /** Who deploys. */
  readonly deployer: JsonObject
  readonly environment: JsonObject
  /** The scope that `resourceId()` starts from: a subscription's or a resource group's id. */
  readonly scopeId: string
}

/** A function that a template defines for itself. */
export interface UserFunction {
  readonly parameters: readonly string[]
  /** Evaluates its output; the scope knows the parameters and nothing else of the template. */
  readonly evaluate: (scope: Scope) => Json
}

/** What an expression can see. */
export interface Scope {
  readonly place: Place
  /** @throws ExpressionError when the template has no such parameter */
  parameter(name: string): Json
  /** @throws ExpressionError when the template has no such variable */
  variable(name: string): Json
  /** Indexes of the loops around the expression, the innermost last. */
  readonly loops: readonly { readonly name: string; readonly index: number }[]
  /** Variables of the lambdas around the expression. */
  readonly lambdas: ReadonlyMap<string, Json>
  userFunction(name: string): UserFunction | undefined
  /** `reference()`; absent where Azure does not expect it, e.g. in variables. */
  readonly reference?: (target: string, full: boolean) => Json
  /** `references()`: what a resource's loop deployed, in the order of its rounds. */
  readonly references?: (loop: string, full: boolean) => readonly Json[]
  /** `list*()` functions; absent where Azure does not expect them. */
  readonly list?: (name: string, target: string) => Json
  /** The time for `utcNow()` and `newGuid()`, present in defaults of parameters only. */
  readonly defaults?: { readonly now: Date; readonly uuid: () => string }
}

/** The scope inside one round of a loop. */
export const withLoop = (scope: Scope, name: string, index: number): Scope => ({
  ...scope,
  loops: [...scope.loops, { name, index }],
})
