import type { PeopleChange } from '../../access/people-changes.ts'
import { table } from '../../plan/markdown.ts'

/** Who gains and who loses what, for whoever approves it; nothing where nobody does. */
export const peopleTable = (changes: readonly PeopleChange[]): string =>
  changes.length === 0
    ? ''
    : `### Who gains and who loses what\n\n${table(
        ['Who', 'Change', 'As', 'What it means', 'Why'],
        changes.map(({ who, change, as, what, why }) => [
          who,
          change === 'gains' ? '➕\u00a0gains' : '➖\u00a0loses',
          as,
          what,
          why,
        ]),
        500,
      )}`
