import type { DeploymentsDependencies } from '../dependencies.ts'
import type { JsonObject } from '../expressions/json.ts'
import { describeId } from '../ids.ts'
import type { DeploymentRecord } from '../state.ts'
import type { Compiled } from '../template/compile.ts'
import { shownParameters } from '../template/parameters.ts'
import { type DeployRequest, deploymentIdOf } from '../template/plan.ts'

/** A deployment that has been accepted. What is not compiled has a template that cannot be deployed. */
export function newRecord(
  request: Omit<DeployRequest, 'parameters'> & { readonly tags?: JsonObject },
  compiled: Compiled | undefined,
  correlationId: string,
  deps: DeploymentsDependencies,
): DeploymentRecord {
  const now = deps.clock.now().toISOString()
  return {
    id: deploymentIdOf(request.scopeId, request.name),
    name: request.name,
    scopeId: request.scopeId,
    ...(request.location === undefined ? {} : { location: request.location }),
    ...(request.tags === undefined ? {} : { tags: request.tags }),
    template: request.template ?? null,
    mode: request.mode,
    ...(request.level === undefined ? {} : { level: request.level }),
    parameters: compiled === undefined ? {} : shownParameters(compiled.parameters),
    correlationId,
    started: now,
    timestamp: now,
    provisioningState: 'Accepted',
    dependencies: compiled === undefined ? [] : dependencies(compiled),
    providers: compiled === undefined ? [] : providers(compiled),
    outputResources: [],
    steps: [],
  }
}

const describe = (id: string): JsonObject => {
  const { type, name } = describeId(id)
  return { id, resourceType: type, resourceName: name }
}

function dependencies(compiled: Compiled): readonly JsonObject[] {
  return compiled.nodes.flatMap((node) => {
    const waits = [...(compiled.edges.get(node) ?? [])]
    if (waits.length === 0) return []
    return [{ dependsOn: waits.map(({ id }) => describe(id)), ...describe(node.id) }]
  })
}

function providers(compiled: Compiled): readonly JsonObject[] {
  const types = new Map<string, Set<string>>()
  for (const { type } of compiled.nodes) {
    const [namespace = '', ...kinds] = type.split('/')
    types.set(namespace, (types.get(namespace) ?? new Set()).add(kinds.join('/')))
  }
  return [...types].map(([namespace, kinds]) => ({
    namespace,
    resourceTypes: [...kinds].map((resourceType) => ({ resourceType, locations: [null] })),
  }))
}
