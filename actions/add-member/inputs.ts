import type { TeamChange } from '../../src/access/desired-access.ts'
import { UserError } from '../../src/diagnostics/user-error.ts'
import type { AssignAccessOptions } from '../../src/operations/access/assign-access.ts'
import type { InputReader } from '../../src/runtime/inputs.ts'
import { readProjectInputs } from '../../src/runtime/project-inputs.ts'
import type { PublishOptions } from '../../src/runtime/publish.ts'
import { personaKeys } from '../../src/vocabulary.ts'

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
      fix: `Say whom to change: ${personaKeys.join(', ')}. Or leave all three out to follow the manifest.`,
    })
  }
  const persona = read.choice('persona', personaKeys)
  if (add.length + remove.length > 0) return { persona, add, remove }
  throw new UserError({
    what: `Input 'persona' is ${persona}, but neither 'add' nor 'remove' names anybody.`,
    fix: "Name the people to add or to remove, or leave 'persona' out to follow the manifest.",
  })
}

/** Reads and checks them. @throws UserError that names the input */
export const readInputs = (read: InputReader): AssignAccessOptions & PublishOptions => ({
  mode: read.choice('mode', ['plan', 'apply'], 'plan'),
  ...readProjectInputs(read, ['plan']),
  change: readChange(read),
})
