import { UserError } from '../../src/diagnostics/user-error.ts'
import type { LakeOptions } from '../../src/operations/modes/datalake-acl.ts'
import type { InputReader } from '../../src/runtime/inputs.ts'
import { readGuardedInputs, readProjectInputs } from '../../src/runtime/project-inputs.ts'
import type { PublishOptions } from '../../src/runtime/publish.ts'

/** The modes that change nothing. */
const looking = ['plan', 'verify']

/** Reads and checks the inputs. @throws UserError that names the input */
export function readInputs(read: InputReader): LakeOptions & PublishOptions {
  const target = read.choice('target', ['project', 'common'], 'project')
  const mode = read.choice('mode', ['plan', 'apply', 'verify'], 'plan')
  if (target === 'project') return { target, mode, ...readProjectInputs(read, looking) }
  if (read.optional('project') !== undefined)
    throw new UserError({
      what: "Input 'project' means nothing with target common.",
      fix: "Leave 'project' out, or the target.",
    })
  return { target, mode, ...readGuardedInputs(read, looking) }
}
