import { isJsonObject, type Json } from '../../json.ts'
import { lastSegment } from '../../resource-id.ts'

/** What becomes less by a change of a property. */
export interface Reduction {
  /** What is lost by it, in words that follow "Lost:". */
  readonly loses: string
  /** Is it data, which nobody brings back by putting the property back? */
  readonly isData: boolean
}

/** A property before and after. */
interface Changed {
  /** Dotted, with positions in lists, e.g. `properties.networkAcls.ipRules.0`. */
  readonly path: string
  readonly before?: Json | undefined
  readonly after?: Json | undefined
}

/** What such a change loses; undefined when nothing. */
type Rule = (change: Changed) => string | undefined

const data = (ends: string, rule: Rule) => ({ ends, rule, isData: true })
const reach = (ends: string, rule: Rule) => ({ ends, rule, isData: false })

const fewerDays =
  (what: string): Rule =>
  ({ before, after }) =>
    typeof before === 'number' && (after === undefined || (typeof after === 'number' && after < before))
      ? `${what} ${typeof after === 'number' ? `${after} days` : "Azure's default"}`
      : undefined

const switched =
  (from: Json, to: Json, what: string): Rule =>
  ({ before, after }) =>
    isSame(before, from) && isSame(after, to) ? what : undefined

const isSame = (one: Json | undefined, other: Json): boolean =>
  typeof one === 'string' && typeof other === 'string'
    ? one.toLowerCase() === other.toLowerCase()
    : one === other

/** The copies that a storage account has, and where. https://learn.microsoft.com/azure/storage/common/storage-redundancy */
const copies: Rule = ({ before, after }) => {
  const [had, has] = [redundancy(before), redundancy(after)]
  if (had === undefined || has === undefined) return undefined
  const lost = [
    ...(had.regions && !has.regions ? ['the copy in a second region'] : []),
    ...(had.zones && !has.zones ? ['the copies in other zones'] : []),
  ]
  return lost.length === 0 ? undefined : lost.join(' and ')
}

function redundancy(sku: Json | undefined) {
  const kind = typeof sku === 'string' ? /_(?:RA)?(LRS|ZRS|GRS|GZRS)$/.exec(sku)?.[1] : undefined
  return kind === undefined ? undefined : { regions: kind.startsWith('G'), zones: kind.endsWith('ZRS') }
}

/** Members of a list that it has no more, by what names them. */
const removed =
  (what: string, key: string): Rule =>
  ({ before, after }) => {
    const [had, has] = [membersOf(before), membersOf(after)]
    const gone = had.filter((one) => !has.some((other) => JSON.stringify(other) === JSON.stringify(one)))
    const isWhole = after === undefined || Array.isArray(after)
    if (!isWhole || gone.length === 0) return undefined
    return gone.map((one) => `${what} ${nameIn(one, key)}`).join(', ')
  }

const membersOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? value : isJsonObject(value) ? [value] : []

function nameIn(member: Json, key: string): string {
  const name = isJsonObject(member) ? member[key] : undefined
  if (typeof name !== 'string') return 'without a name'
  return `'${name.startsWith('/') ? lastSegment(name) : name}'`
}

/** By the end of a property's path, without positions in lists. What no rule knows is an ordinary change. */
const rules: readonly { readonly ends: string; readonly rule: Rule; readonly isData: boolean }[] = [
  // https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure
  data('retentionInDays', fewerDays('logs older than')),
  // https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview
  data('deleteRetentionPolicy.days', fewerDays('deleted blobs older than')),
  data('deleteRetentionPolicy.enabled', switched(true, false, 'deleted blobs')),
  data('containerDeleteRetentionPolicy.days', fewerDays('deleted containers older than')),
  data('containerDeleteRetentionPolicy.enabled', switched(true, false, 'deleted containers')),
  data('sku.name', copies),
  reach('policy.rules', removed('lifecycle rule', 'name')),
  reach('publicNetworkAccess', switched('Enabled', 'Disabled', 'access from outside of the network')),
  reach('networkAcls.defaultAction', switched('Allow', 'Deny', 'access from everywhere')),
  reach('networkRuleSet.defaultAction', switched('Allow', 'Deny', 'access from everywhere')),
  reach('ipRules', removed('access from', 'value')),
  reach('virtualNetworkRules', removed('access from', 'id')),
  reach('allowSharedKeyAccess', switched(true, false, 'access with account keys')),
  reach('allowBlobPublicAccess', switched(true, false, 'access without a sign-in')),
  reach('anonymousPullEnabled', switched(true, false, 'access without a sign-in')),
  reach('adminUserEnabled', switched(true, false, "access as the registry's admin user")),
  reach('disableLocalAuth', switched(false, true, 'access with keys')),
  reach('enableRbacAuthorization', switched(false, true, 'access by access policies')),
]

/** What is lost by a change of a property; undefined when nothing is, as far as anybody knows. */
export function reductionOf(change: Changed): Reduction | undefined {
  const path = change.path.replaceAll(/\.\d+(?=\.|$)/g, '').toLowerCase()
  for (const { ends, rule, isData } of rules) {
    if (!`.${path}`.endsWith(`.${ends.toLowerCase()}`)) continue
    const loses = rule(change)
    if (loses !== undefined) return { loses, isData }
  }
  return undefined
}
