import type { StackRequest } from '../../azure/stack-request.ts'
import type { WhatIfChange } from '../../azure/what-if.ts'
import { templateBodies } from '../../compose/template-summary.ts'
import { isWithin, sameText } from '../../resource-id.ts'

/** What is known of a stack without asking any provider. */
export interface Known {
  /** Ids of what the stack manages. */
  readonly managed: readonly string[]
  /** Ids of what is in its resource group, parts of resources left out. */
  readonly inGroup: readonly string[]
  /** The template that was deployed last; undefined when there is none. */
  readonly previous: StackRequest['template'] | undefined
}

/**
 * What deploying a template as a stack changes, as far as Azure's lists and the last template show it: for a plan that is
 * made before its providers can be asked. What is there and may change in a way that nobody can know yet is left out.
 */
export function foreseen(
  template: StackRequest['template'],
  { managed, inGroup, previous }: Known,
  subscriptionId: string,
): readonly WhatIfChange[] {
  const before = previous === undefined ? new Map() : templateBodies(previous, subscriptionId)
  const isManaged = (id: string): boolean => managed.some((other) => sameText(other, id))
  // A part of something that is there may be there too.
  const mayBeThere = (id: string): boolean => inGroup.some((other) => isWithin(id, other))
  return [...templateBodies(template, subscriptionId)].flatMap(([id, body]) => {
    if (isManaged(id))
      return JSON.stringify(before.get(id)) === JSON.stringify(body) ? [predicted(id, 'noChange')] : []
    return mayBeThere(id) ? [] : [predicted(id, 'create')]
  })
}

const predicted = (id: string, changeType: 'create' | 'noChange'): WhatIfChange => ({
  id,
  changeType,
  isCertain: true,
  takesOver: false,
  delta: [],
})
