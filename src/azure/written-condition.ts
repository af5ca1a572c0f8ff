/**
 * The properties that an assignment gets its condition by, an active one or one to activate. One that is there keeps its
 * condition until it is replaced by null.
 * https://learn.microsoft.com/azure/role-based-access-control/conditions-role-assignments-rest#delete-a-condition
 * @param condition the expression; empty for none
 */
export const writtenCondition = (
  condition: string,
): { readonly condition: string | null; readonly conditionVersion: string | null } =>
  condition === '' ? { condition: null, conditionVersion: null } : { condition, conditionVersion: '2.0' }
