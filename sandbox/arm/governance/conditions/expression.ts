/** Where the value of an attribute comes from. */
export type AttributeSource = 'request' | 'resource' | 'principal' | 'environment'

/** An attribute as a condition names it: `@Request[Microsoft.Authorization/roleAssignments:PrincipalType]`. */
export interface Attribute {
  readonly kind: 'attribute'
  readonly source: AttributeSource
  readonly name: string
}

/** A value, or a set of them, written in the condition. */
export interface Literal {
  readonly kind: 'literal'
  readonly values: readonly string[]
}

/** How the values of both sides are paired, when there are several. */
export type Pairing = 'ForAnyOfAnyValues' | 'ForAllOfAnyValues' | 'ForAnyOfAllValues' | 'ForAllOfAllValues'

/** A condition, read. https://learn.microsoft.com/azure/role-based-access-control/conditions-format */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly inner: Expression }
  | { readonly kind: 'action' | 'subOperation'; readonly pattern: string }
  | { readonly kind: 'exists'; readonly attribute: Attribute }
  | {
      readonly kind: 'comparison'
      readonly left: Attribute
      readonly pairing: Pairing | undefined
      readonly operator: string
      readonly right: Attribute | Literal
    }

/** A condition that cannot be read. */
export class ConditionSyntaxError extends Error {
  override readonly name = 'ConditionSyntaxError'
}
