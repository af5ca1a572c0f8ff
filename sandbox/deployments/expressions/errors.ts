/** An expression that Azure would refuse; the message is the part inside the quotes of Azure's `InvalidTemplate`. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
}

/** The value is known only while the deployment runs, e.g. `reference()` of a resource that is not there yet. */
export class NeedsRuntime extends Error {
  override readonly name = 'NeedsRuntime'
}
