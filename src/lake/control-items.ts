import { type Acl, type AclEntry, idOf, inOrder, type Rights } from './acl.ts'

/** An entry in the shape that Microsoft's client for data lakes reads and writes. */
export interface ControlItem {
  readonly defaultScope: boolean
  readonly accessControlType: 'user' | 'group' | 'mask' | 'other'
  /** Object id, or empty. */
  readonly entityId: string
  readonly permissions: { readonly read: boolean; readonly write: boolean; readonly execute: boolean }
}

/** Both lists in the shape of Microsoft's client. */
export const toControlItems = ({ access, defaults }: Acl): readonly ControlItem[] => [
  ...inOrder(access).map((entry) => toControlItem(entry, false)),
  ...inOrder(defaults).map((entry) => toControlItem(entry, true)),
]

const toControlItem = (entry: AclEntry, defaultScope: boolean): ControlItem => ({
  defaultScope,
  accessControlType: entry.type,
  entityId: idOf(entry) ?? '',
  permissions: {
    read: entry.rights.includes('r'),
    write: entry.rights.includes('w'),
    execute: entry.rights.includes('x'),
  },
})

/** Both lists out of the shape of Microsoft's client. */
export const fromControlItems = (items: readonly ControlItem[]): Acl => ({
  access: inOrder(items.filter(({ defaultScope }) => !defaultScope).map(fromControlItem)),
  defaults: inOrder(items.filter(({ defaultScope }) => defaultScope).map(fromControlItem)),
})

function fromControlItem({ accessControlType: type, entityId, permissions }: ControlItem): AclEntry {
  const { read, write, execute } = permissions
  const rights: Rights = `${read ? 'r' : '-'}${write ? 'w' : '-'}${execute ? 'x' : '-'}`
  if (type === 'mask' || type === 'other' || entityId === '') return { type, rights }
  return { type, id: entityId.toLowerCase(), rights }
}
