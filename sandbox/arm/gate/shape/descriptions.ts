import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { namespaceOf, publishedType } from '../published.ts'
import { type ObjectShape, readShape, type Shape, type Written } from './language.ts'

/** A file per type, read when a resource of the type is first written. */
const folder = path.join(import.meta.dirname, '..', 'shapes')
const read = new Map<string, ObjectShape | undefined>()
const common = readCommon()

/** What a resource of a type may contain; `undefined` for a type that is not described. */
export function descriptionOf(type: string): ObjectShape | undefined {
  const key = type.toLowerCase()
  if (!read.has(key)) read.set(key, readDescription(type))
  return read.get(key)
}

/** A shape with its name looked up: of `common.json`, or a child resource of the type's provider. */
export function resolved(shape: Shape, type: string): Exclude<Shape, { kind: 'named' }> {
  if (shape.kind !== 'named') return shape
  const shared = common.get(shape.name)
  if (shared !== undefined) return shared
  const [namespace = ''] = type.split('/')
  return childOf(descriptionOf(`${namespace}/${shape.name}`))
}

/** A resource as it stands within its parent: with the name and id that its address would say. */
function childOf(description: ObjectShape | undefined): Exclude<Shape, { kind: 'named' }> {
  if (description === undefined) return { kind: 'any' }
  const envelope = readShape({ name: 'string', id: 'string', type: 'string' })
  return envelope.kind === 'object'
    ? { ...description, members: new Map([...envelope.members, ...description.members]) }
    : description
}

function readDescription(type: string): ObjectShape | undefined {
  const [name = ''] = type.split('/')
  const namespace = namespaceOf(name)?.name
  const published = publishedType(type)?.name
  if (namespace === undefined || published === undefined) return undefined
  const file = path.join(folder, namespace, `${published}.json`)
  if (!existsSync(file)) return undefined
  const shape = readShape(JSON.parse(readFileSync(file, 'utf8')))
  return shape.kind === 'object' ? shape : undefined
}

function readCommon(): ReadonlyMap<string, ObjectShape> {
  const written: Record<string, Written> = JSON.parse(
    readFileSync(path.join(import.meta.dirname, 'common.json'), 'utf8'),
  )
  return new Map(
    Object.entries(written).flatMap(([name, value]) => {
      const shape = readShape(value)
      return shape.kind === 'object' ? [[name, shape]] : []
    }),
  )
}
