import type { Change, ChangeKind } from '../plan/model.ts'
import type { StepFacts } from './facts.ts'
import { kindOf } from './resource-kinds.ts'

/** How many things there are of each kind of change. */
export interface Tally extends Readonly<Record<ChangeKind, number>> {
  /** Planned by a step that failed: nobody knows whether it was done. */
  readonly uncertain: number
}

/** One kind of thing, and what happened to those of it. */
export interface LedgerRow {
  readonly title: string
  /** What is counted, one sentence or a list. */
  readonly explanation: string
  readonly tally: Tally
}

const none: Tally = { delete: 0, detach: 0, create: 0, modify: 0, keep: 0, uncertain: 0 }

const added = (a: Tally, b: Tally): Tally => ({
  delete: a.delete + b.delete,
  detach: a.detach + b.detach,
  create: a.create + b.create,
  modify: a.modify + b.modify,
  keep: a.keep + b.keep,
  uncertain: a.uncertain + b.uncertain,
})

/** The sum of tallies. */
export const total = (tallies: readonly Tally[]): Tally => tallies.reduce(added, none)

/** What was made different, whatever it was. */
export const changesIn = (tally: Tally): number => tally.create + tally.modify + tally.delete + tally.detach

/** What is there now: created, changed or left as it was. */
const presentIn = (tally: Tally): number => tally.create + tally.modify + tally.keep

/** All that was compared. */
export const comparedIn = (tally: Tally): number => changesIn(tally) + tally.keep + tally.uncertain

interface Category {
  readonly title: string
  readonly explanation: string
}

const dnsType = 'microsoft.network/privateendpoints/privatednszonegroups'
const byKind: Readonly<Record<string, Category>> = {
  'project manifest': { title: 'Manifests', explanation: 'The document that asks for all the rest.' },
  subnet: { title: 'Subnets', explanation: 'The project’s own parts of the VNet.' },
  'network security group': { title: 'Network security groups', explanation: 'One for each subnet.' },
  'deployment stack': {
    title: 'Deployment stacks',
    explanation: 'What holds the resources together, so that what is no longer asked for is found.',
  },
  'resource group': { title: 'Resource groups', explanation: 'Where the resources are.' },
  'microsoft.network/privateendpoints': {
    title: 'Private endpoints',
    explanation: 'The private ways to the resources, one for each of their services.',
  },
  [dnsType]: {
    title: 'DNS entries',
    explanation: 'What leads names to the private endpoints, one for each.',
  },
  group: { title: 'Groups', explanation: 'Entra groups, one for each kind of work.' },
  member: { title: 'Memberships', explanation: 'One person, identity or group in one group.' },
  'role assignment': {
    title: 'Role assignments',
    explanation: 'One role of one group or identity on one resource.',
  },
  folder: { title: 'Folders', explanation: 'Folders of the data lake, with their access control lists.' },
}

/** The titles in the order in which they are shown; others come last. */
const resources = 'Resources'
const parts = 'Parts of resources'
const order = [
  ...['Manifests', 'Subnets', 'Network security groups', 'Deployment stacks', 'Resource groups'],
  ...[resources, parts, 'Private endpoints', 'DNS entries', 'Groups', 'Memberships', 'Role assignments'],
  'Folders',
]

function categoryOf(kind: string): string {
  const known = byKind[kind.toLowerCase()]
  if (known !== undefined) return known.title
  const { length } = kind.split('/')
  if (length > 2) return parts
  return length === 2 ? resources : `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`
}

const explanationOf = (title: string, changes: readonly Change[]): string =>
  Object.values(byKind).find((category) => category.title === title)?.explanation ?? listOfKinds(changes)

/** E.g. `2 × Storage account, Key vault`. */
function listOfKinds(changes: readonly Change[]): string {
  const counts = Map.groupBy(changes, ({ kind }) => kindOf(kind).title)
  return [...counts]
    .map(([kind, { length }]) => (length === 1 ? kind : `${length} × ${kind}`))
    .slice(0, 30)
    .join(', ')
}

/** A change, and whether its step got as far as making it. */
interface Entry {
  readonly change: Change
  readonly applied: StepFacts['applied']
}

const identity = ({ kind, name, scope = '' }: Change): string => `${kind}\n${scope}\n${name}`.toLowerCase()

/**
 * What the steps changed, each thing once: a step that finds a thing as an earlier one left it adds nothing.
 */
function entriesOf(steps: readonly StepFacts[]): readonly Entry[] {
  const entries = new Map<string, Entry>()
  for (const { plan, applied } of steps) {
    if (applied === 'nothing') continue
    for (const change of plan?.changes ?? []) {
      const key = identity(change)
      if (!entries.has(key) || change.change !== 'keep') entries.set(key, { change, applied })
    }
  }
  return [...entries.values()]
}

/** What steps have made, without what a failed step planned. */
export const madeBy = (steps: readonly StepFacts[]): readonly Change[] =>
  entriesOf(steps).flatMap(({ change, applied }) =>
    applied === 'all' && change.change !== 'keep' ? [change] : [],
  )

const tallyOf = ({ change: { change }, applied }: Entry): Tally =>
  applied === 'perhaps' && change !== 'keep' ? { ...none, uncertain: 1 } : { ...none, [change]: 1 }

/** All that steps compared, by what it is. Every thing is in one row, so that the rows add up. */
export function ledgerOf(steps: readonly StepFacts[]): readonly LedgerRow[] {
  const groups = Map.groupBy(entriesOf(steps), ({ change }) => categoryOf(change.kind))
  const place = (title: string): number => (order.indexOf(title) + order.length + 1) % (order.length + 1)
  return [...groups]
    .map(([title, entries]) => ({
      title,
      explanation: explanationOf(
        title,
        entries.map(({ change }) => change),
      ),
      tally: total(entries.map(tallyOf)),
    }))
    .toSorted((a, b) => place(a.title) - place(b.title))
}

/** How many there are now of a kind of thing. */
export const presentOf = (rows: readonly LedgerRow[], title: string): number =>
  presentIn(rows.find((row) => row.title === title)?.tally ?? none)
