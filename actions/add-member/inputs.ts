import { type AuditKind, auditKinds } from '../../src/access/audit-finding.ts'
import type { TeamChange } from '../../src/access/desired-access.ts'
import { keysOf } from '../../src/by-key.ts'
import { UserError } from '../../src/diagnostics/user-error.ts'
import type { MemberOptions } from '../../src/operations/modes/add-member.ts'
import type { InputReader } from '../../src/runtime/inputs.ts'
import { readGuardedInputs, readProjectInputs } from '../../src/runtime/project-inputs.ts'
import type { PublishOptions } from '../../src/runtime/publish.ts'

const modes = ['plan', 'apply', 'plan-core', 'core', 'plan-offboard', 'offboard', 'audit'] as const
type Mode = (typeof modes)[number]

/** The modes that change nothing. */
const looking: readonly Mode[] = ['plan', 'plan-core', 'plan-offboard', 'audit']

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

/** What makes an audit fail: all kinds, some of them, or none. */
function readFailOn(read: InputReader): readonly AuditKind[] {
  const words = read.list('fail-on')
  if (words.length === 0) return keysOf(auditKinds)
  if (words.length === 1 && words[0] === 'none') return []
  return words.map((word) => {
    const kind = keysOf(auditKinds).find((known) => known === word)
    if (kind !== undefined) return kind
    throw new UserError({
      what: `Input 'fail-on' holds ${JSON.stringify(word.slice(0, 80))}.`,
      fix: `It may hold ${keysOf(auditKinds).join(', ')}, one per line or separated by commas; or none. Empty, all of them count.`,
    })
  })
}

/** Reads and checks them. @throws UserError that names the input */
export function readInputs(read: InputReader): MemberOptions & PublishOptions {
  const mode = read.choice('mode', modes, 'plan')
  if (mode !== 'audit') refuse(read, mode, ['fail-on'])
  switch (mode) {
    case 'plan':
    case 'apply':
      return { mode, ...readProjectInputs(read, looking), change: readChange(read) }
    case 'plan-core':
    case 'core':
      refuse(read, mode, ['project', 'persona', 'add', 'remove'])
      return { mode, ...readGuardedInputs(read, looking) }
    case 'plan-offboard':
    case 'offboard':
      refuse(read, mode, ['project', 'persona', 'add'])
      return { mode, ...readGuardedInputs(read, looking), people: readLeaving(read) }
    case 'audit': {
      refuse(read, mode, ['persona', 'add', 'remove'])
      const failOn = readFailOn(read)
      return read.optional('project') === undefined
        ? { mode, ...readGuardedInputs(read, looking), project: undefined, failOn }
        : { mode, ...readProjectInputs(read, looking), failOn }
    }
  }
}
