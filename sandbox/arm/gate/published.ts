import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/**
 * What providers register with Azure Resource Manager: their resource types, and the API versions each is served in.
 * A file per namespace, read when somebody asks for it. In a file, a type's text says whether it takes `tags` and a
 * `location`, and then its versions: `*` for all of the namespace, `2023-09-01..` for those since, `A..B` from one to
 * the other; behind `@routeTables` they are counted among the versions of that type.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types
 */
const folder = path.join(import.meta.dirname, 'namespaces')

/** A resource type as its provider registers it. */
export interface PublishedType {
  /** Without the namespace: `virtualNetworks/subnets`. */
  readonly name: string
  /** Oldest first. */
  readonly versions: readonly string[]
  readonly takesTags: boolean
  readonly takesLocation: boolean
}

/** A provider's namespace with its types. */
export interface Namespace {
  readonly name: string
  readonly versions: readonly string[]
  /** Every type, in alphabetical order. */
  types(): readonly PublishedType[]
  /** A type by its name without the namespace, whatever the case. */
  type(name: string): PublishedType | undefined
}

interface NamespaceFile {
  readonly namespace: string
  readonly apiVersions: readonly string[]
  readonly resourceTypes: Readonly<Record<string, string>>
}

const files = new Map(
  readdirSync(folder).map((file) => [file.slice(0, -'.json'.length).toLowerCase(), path.join(folder, file)]),
)
const read = new Map<string, Namespace>()

/** The namespace of a provider, whatever the case; `undefined` when there is no such provider. */
export function namespaceOf(name: string): Namespace | undefined {
  const key = name.toLowerCase()
  const known = read.get(key)
  const file = files.get(key)
  if (known !== undefined || file === undefined) return known
  const namespace = parse(JSON.parse(readFileSync(file, 'utf8')))
  read.set(key, namespace)
  return namespace
}

/** Every namespace. */
export function allNamespaces(): readonly Namespace[] {
  return [...files.keys()].map(namespaceOf).filter((namespace) => namespace !== undefined)
}

/** A resource type by its whole name; `undefined` when no provider has it. */
export function publishedType(type: string): PublishedType | undefined {
  const slash = type.indexOf('/')
  return slash < 0 ? undefined : namespaceOf(type.slice(0, slash))?.type(type.slice(slash + 1))
}

function parse(file: NamespaceFile): Namespace {
  const versions = file.apiVersions.flatMap((line) => line.split(' '))
  const texts = new Map(
    Object.entries(file.resourceTypes).map(([name, text]) => [name.toLowerCase(), { name, text }]),
  )
  const parsed = new Map<string, PublishedType>()
  const type = (name: string): PublishedType | undefined => {
    const key = name.toLowerCase()
    const entry = texts.get(key)
    const known = parsed.get(key)
    if (known !== undefined || entry === undefined) return known
    const words = entry.text.split(' ')
    const ranges = words.filter((word) => !['tags', 'location', '*'].includes(word) && !word.startsWith('@'))
    const followed = words.find((word) => word.startsWith('@'))
    const among = followed === undefined ? versions : (type(followed.slice(1))?.versions ?? [])
    const published = {
      name: entry.name,
      versions: ranges.length === 0 ? among : ranges.flatMap((range) => versionsIn(range, among)),
      takesTags: words.includes('tags'),
      takesLocation: words.includes('location'),
    }
    parsed.set(key, published)
    return published
  }
  return {
    name: file.namespace,
    versions,
    type,
    types: () => [...texts.keys()].map(type).filter((published) => published !== undefined),
  }
}

/** `2023-09-01`, `2023-09-01..` or `2023-09-01..2024-05-01`, both ends included. */
function versionsIn(range: string, among: readonly string[]): readonly string[] {
  const [first = '', last] = range.split('..')
  if (last === undefined) return [first]
  const from = among.indexOf(first)
  return last === '' ? among.slice(from) : among.slice(from, among.indexOf(last) + 1)
}
