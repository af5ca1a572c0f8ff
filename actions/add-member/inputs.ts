import type { TeamChange } from '../../src/access/desired-access.ts'
import { UserError } from '../../src/diagnostics/user-error.ts'
import type { MemberOptions } from '../../src/operations/modes/add-member.ts'
import type { InputReader } from '../../src/runtime/inputs.ts'
import { readGuardedInputs, readProjectInputs } from '../../src/runtime/project-inputs.ts'
import type { PublishOptions } from '../../src/runtime/publish.ts'

const modes = ['plan', 'apply', 'plan-core', 'core', 'plan-offboard', 'offboard'] as const
type Mode = (typeof modes)[number]

/** The modes that change nothing. */
const looking: readonly Mode[] = ['plan', 'plan-core', 'plan-offboard']

const mailOrId = /^(?:[^\s@'"<>,;]{1,64}@[a-z0-9.-]{1,253}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i

function people(read: InputReader, name: string): readonly string[] {
  const entries = read.list(name)
  const wrong = entries.find((entry) => !mailOrId.test(entry))
  if (wrong === undefined) return entries
  throw new UserError({
    what: `Input '${name}' holds ${JSON.stringify(wrong.slice(0, 80))}.`,
    fix: 'Name people by e-mail address or object id, one per line or separated by commas.',
  })
}

function readChange(read: InputReader): TeamChange | undefined {
  const [add, remove] = [people(read, 'add'), people(read, 'remove')]
  if (read.optional('persona') === undefined) {
    if (add.length + remove.length === 0) return undefined
    throw new UserError({
      what: "Inputs 'add' and 'remove' need the input 'persona'.",
      fix: 'Say which persona to change, such as lead or dataScientist. Or leave all three out to follow the manifest.',
    })
  }
  const persona = read.required('persona')
  if (add.length + remove.length > 0) return { persona, add, remove }
  throw new UserError({
    what: `Input 'persona' is ${persona}, but neither 'add' nor 'remove' names anybody.`,
    fix: "Name the people to add or to remove, or leave 'persona' out to follow the manifest.",
  })
}

function readLeaving(read: InputReader): readonly string[] {
  const leaving = people(read, 'remove')
  if (leaving.length > 0) return leaving
  throw new UserError({
    what: "Input 'remove' names nobody.",
    fix: 'Name the people who leave by e-mail address or object id, one per line or separated by commas.',
  })
}

/** What is ignored would be believed. */
function refuse(read: InputReader, mode: Mode, names: readonly string[]): void {
  const given = names.find((name) => read.optional(name) !== undefined)
  if (given === undefined) return
  throw new UserError({
    what: `Input '${given}' means nothing in mode '${mode}'.`,
    fix: 'Leave it out, or use another mode.',
  })
}

/** Reads and checks them. @throws UserError that names the input */
export function readInputs(read: InputReader): MemberOptions & PublishOptions {
  const mode = read.choice('mode', modes, 'plan')
  if (mode === 'plan' || mode === 'apply')
    return { mode, ...readProjectInputs(read, looking), change: readChange(read) }
  refuse(read, mode, ['project', 'persona', 'add'])
  if (mode === 'offboard' || mode === 'plan-offboard')
    return { mode, ...readGuardedInputs(read, looking), people: readLeaving(read) }
  refuse(read, mode, ['remove'])
  return { mode, ...readGuardedInputs(read, looking) }
}
