/** A policy definition that every tenant has. */
export interface BuiltInPolicy {
  readonly name: string
  readonly displayName: string
  readonly category: string
  readonly version: string
  readonly mode: 'All' | 'Indexed'
  readonly parameters: Readonly<Record<string, unknown>>
  readonly policyRule: Readonly<Record<string, unknown>>
}

/** A rule; its second part has a name that objects rarely have for good. */
export const rule = (condition: object, effect: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries([
    ['if', condition],
    ['then', effect],
  ])

/** The effect as a parameter, with its default and what it may be. */
export const effect = (defaultValue: string, ...allowedValues: readonly string[]) => ({
  effect: { type: 'String', allowedValues, defaultValue },
})

/** The condition that a resource is of a type. */
export const isType = (type: string) => ({ field: 'type', equals: type })

/** The value of a parameter. */
export const parameter = (name: string) => `[parameters('${name}')]`
