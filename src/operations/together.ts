/**
 * Waits for all, and fails with what the first of them failed with, in the order in which they stand: which one was
 * answered first is chance, and what a run says must not be.
 */
export async function together<Parts extends readonly unknown[]>(
  ...parts: Parts
): Promise<{ -readonly [Index in keyof Parts]: Awaited<Parts[Index]> }> {
  await Promise.allSettled(parts)
  return Promise.all(parts)
}

/**
 * Does something with each item, at most so many at a time and in the order in which they stand. When one fails, no other is
 * begun; those under way are waited for, and the first failure is thrown.
 */
export async function eachOf<Item>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const failures: { readonly error: unknown }[] = []
  const rest = items.values()
  const worker = async (): Promise<void> => {
    for (const item of rest) {
      if (failures.length > 0) return
      try {
        await work(item)
      } catch (error) {
        failures.push({ error })
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
  const [first] = failures
  if (first !== undefined) throw first.error
}
