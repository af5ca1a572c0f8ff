/**
 * One property as Azure predicts it: `array`, `create`, `delete`, `modify`, `noEffect`. Null stands for what is not there.
 * https://learn.microsoft.com/rest/api/resources/deployments/what-if#whatifpropertychange
 */
export interface WhatIfProperty {
  readonly path: string
  readonly changeType: string
  readonly before?: unknown
  readonly after?: unknown
  readonly children: readonly WhatIfProperty[]
}

/**
 * One resource as Azure predicts it: `create`, `delete`, `detach`, `modify`, `noChange`, `unsupported`, and others that
 * say nothing. https://learn.microsoft.com/rest/api/resources/deployments/what-if#whatifchange
 */
export interface WhatIfChange {
  /** Absent when Azure cannot say which resource it is. */
  readonly id?: string
  readonly changeType: string
  /** Does it happen whatever the running deployment finds? */
  readonly isCertain: boolean
  /** Does the stack begin to manage something that is there already? */
  readonly takesOver: boolean
  readonly delta: readonly WhatIfProperty[]
  /** Why Azure cannot say what changes. */
  readonly unsupportedReason?: string
}
