/** A small resource engine for the tests: keeps what it is given, and refuses what a test tells it to. */
import { ArmError, type ResourceBody, type ResourceEngine, type StoredResource } from '../../contracts.ts'
import { toJson } from '../expressions/json.ts'
import { describeId, isResourceGroupId, resourceGroupScope } from '../ids.ts'

/** What a test may do to the engine besides what clients do. */
export interface MemoryEngine extends ResourceEngine {
  readonly resources: Map<string, StoredResource>
  /** Ids in the order in which they were written, `-` before those that were removed. */
  readonly journal: string[]
  /** How many writes were under way at the same time, at most. */
  readonly busiest: () => number
  /** Refuses to write (or remove) ids that contain this text, until the returned function is called. */
  refuse(what: 'put' | 'preview' | 'remove', text: string, code?: string): () => void
}

/** Makes the engine. `wait` is how long the write of an id takes. */
export function memoryEngine(wait: (id: string) => Promise<void> = async () => undefined): MemoryEngine {
  const resources = new Map<string, StoredResource>()
  const journal: string[] = []
  const refusals: { what: string; text: string; code: string }[] = []
  let writing = 0
  let busiest = 0

  const check = (what: string, id: string): void => {
    const refusal = refusals.find((item) => item.what === what && id.includes(item.text))
    if (refusal) throw new ArmError(409, { code: refusal.code, message: `'${id}' is refused by the test.` })
  }
  const requireGroup = (id: string): void => {
    const group = resourceGroupScope(id)
    if (group === undefined || isResourceGroupId(id) || resources.has(group.toLowerCase())) return
    throw new ArmError(404, {
      code: 'ResourceGroupNotFound',
      message: `Resource group of '${id}' could not be found.`,
    })
  }
  const compose = (id: string, body: ResourceBody): StoredResource => {
    const { type, name } = describeId(id)
    const properties = toJson(body['properties'] ?? {})
    return {
      ...body,
      id,
      type,
      name: name.split('/').at(-1) ?? name,
      properties: { ...(typeof properties === 'object' ? properties : {}), provisioningState: 'Succeeded' },
    }
  }

  return {
    resources,
    journal,
    busiest: () => busiest,
    refuse: (what, text, code = 'Conflict') => {
      const refusal = { what, text, code }
      refusals.push(refusal)
      return () => refusals.splice(refusals.indexOf(refusal), 1)
    },
    get: (id) => resources.get(id.toLowerCase()),
    within: (scope) =>
      [...resources.values()].filter(({ id }) => id.toLowerCase().startsWith(`${scope.toLowerCase()}/`)),
    put: async (id, _, body) => {
      check('put', id)
      requireGroup(id)
      writing += 1
      busiest = Math.max(busiest, writing)
      await wait(id)
      writing -= 1
      const resource = compose(id, body)
      resources.set(id.toLowerCase(), resource)
      journal.push(id)
      return resource
    },
    startPreview: () => (id, _, body) => {
      check('preview', id)
      return compose(id, body)
    },
    remove: async (id) => {
      check('remove', id)
      const prefix = id.toLowerCase()
      for (const key of [...resources.keys()])
        if (key === prefix || key.startsWith(`${prefix}/`)) resources.delete(key)
      journal.push(`-${id}`)
    },
  }
}
