import type { GroupMember } from '../../azure/resources.ts'
import type { Change } from '../../plan/model.ts'
import { sameText } from '../../resource-id.ts'

/**
 * Ids of what is in the state Failed: the last change of it did not succeed, and Azure promises nothing of it.
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/troubleshoot-failed-state
 */
export const failedIn = (members: readonly GroupMember[]): readonly string[] =>
  members.flatMap(({ id, provisioningState = '' }) => (sameText(provisioningState, 'Failed') ? [id] : []))

/** Changes with what failed and is as the template says deployed again, which is what fixes it. */
export const deployingFailed = (changes: readonly Change[], failed: readonly string[]): readonly Change[] =>
  changes.map((change) =>
    change.change === 'keep' && failed.some((id) => sameText(id, change.scope ?? ''))
      ? {
          ...change,
          change: 'modify',
          reason: 'Azure says that its last change failed (provisioningState Failed): it is deployed again.',
        }
      : change,
  )
