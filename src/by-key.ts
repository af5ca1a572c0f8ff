/** An object with one value per key of a vocabulary. */
export function byKey<const Key extends string, Value>(
  keys: readonly Key[],
  value: (key: Key) => Value,
): Readonly<Record<Key, Value>> {
  const result: Partial<Record<Key, Value>> = {}
  for (const key of keys) result[key] = value(key)
  // Every key has just been set, which the compiler cannot see.
  return result as Record<Key, Value>
}

/** The keys of an object, in its own order. */
export function keysOf<Key extends string>(object: Readonly<Record<Key, unknown>>): readonly Key[] {
  const isKey = (key: string): key is Key => Object.hasOwn(object, key)
  return Object.keys(object).filter(isKey)
}
