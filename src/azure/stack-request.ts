import type { JsonObject } from '../json.ts'

/** What is to be deployed under one name at subscription scope. */
export interface StackRequest {
  readonly name: string
  readonly location: string
  readonly description: string
  readonly tags: Readonly<Record<string, string>>
  /** An ARM template for subscription scope. */
  readonly template: JsonObject
  /**
   * How much is checked beforehand; all of it by default. `Template` does not ask the providers, which refuse what does
   * not exist yet; `ProviderNoRbac` asks them, and for no rights but those to read. https://learn.microsoft.com/rest/api/resources/deployments/validate-at-subscription-scope#validationlevel
   */
  readonly validationLevel?: 'Template' | 'ProviderNoRbac'
  /** Deploy although Azure is not sure that it knows all that the stack manages? */
  readonly bypassOutOfSync?: boolean
}

/** The properties that a stack and its what-if have in common. */
export const stackProperties = (
  { description, template, bypassOutOfSync }: StackRequest,
  onUnmanage: 'delete' | 'detach' = 'delete',
): JsonObject => ({
  description,
  template,
  parameters: {},
  actionOnUnmanage: { resources: onUnmanage, resourceGroups: onUnmanage, managementGroups: 'detach' },
  denySettings: { mode: 'none' },
  ...(bypassOutOfSync && { bypassStackOutOfSyncError: true }),
})
