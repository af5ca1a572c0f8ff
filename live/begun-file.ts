import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { Begun } from './steps.ts'

const schema = z.object({ subscriptionId: z.string(), begun: z.array(z.enum(['common', 'project'])) })

/** What there is to remove in Azure, kept in a file until it is removed: a process can be killed, a machine can stop. */
export interface BegunFile {
  readonly read: () => ReadonlySet<Begun>
  readonly write: (begun: ReadonlySet<Begun>) => void
}

/** What was begun in a subscription, as remembered in a folder. */
export function begunFile(folder: string, subscriptionId: string): BegunFile {
  const file = path.join(folder, `begun-${subscriptionId.toLowerCase().replaceAll(/[^\w-]/g, '')}.json`)
  return {
    read: () => {
      if (!existsSync(file)) return new Set()
      const { data } = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
      return new Set(data?.begun)
    },
    write: (begun) => {
      mkdirSync(folder, { recursive: true })
      if (begun.size === 0) rmSync(file, { force: true })
      else writeFileSync(file, JSON.stringify({ subscriptionId, begun: [...begun] }))
    },
  }
}
