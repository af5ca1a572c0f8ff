import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { isJsonObject, type Json } from '../../src/json.ts'

const root = path.join(import.meta.dirname, '../..')
const read = (name: string): Json => JSON.parse(readFileSync(path.join(root, name), 'utf8'))

/** Paths of all keys without a description. */
function undescribed(schema: Json | undefined, at: string): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap((item: Json) => undescribed(item, at))
  if (!isJsonObject(schema)) return []
  const properties = isJsonObject(schema['properties']) ? Object.entries(schema['properties']) : []
  return [
    ...properties.flatMap(([key, part]) => [
      ...(isJsonObject(part) && typeof part['description'] === 'string' ? [] : [`${at}.${key}`]),
      ...undescribed(part, `${at}.${key}`),
    ]),
    ...['anyOf', 'oneOf', 'items', 'additionalProperties'].flatMap((key) => undescribed(schema[key], at)),
  ]
}

describe.each(['factory', 'project'])('the schema of a %s', (name) => {
  const schema = read(`schemas/${name}.schema.json`)

  test('describes every key', () => {
    expect(undescribed(schema, name)).toEqual([])
  })

  test('refuses unknown keys', () => {
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false })
  })

  test('is also where a bootstrap repository expects it', () => {
    expect(read(`workflows-templates/schemas/${name}.schema.json`)).toEqual(schema)
  })
})
