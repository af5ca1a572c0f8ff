import { ArmError, type ArmErrorBody, type ResourceEngine } from '../contracts.ts'
import { type Faults, strikeInside } from './faults.ts'

/** The method that a fault names to strike what deployments write, by the id of the resource. */
const method = 'DEPLOY'

/** An engine for deployments whose writes faults may refuse, as a provider refuses them. */
export const struckByFaults = (engine: ResourceEngine, faults: Faults): ResourceEngine => ({
  ...engine,
  put: async (...write) => {
    const refusal = strikeInside(faults, method, write[0])
    if (refusal !== undefined) throw await asError(refusal)
    return engine.put(...write)
  },
})

async function asError(refusal: Response): Promise<ArmError> {
  const { error } = (await refusal.json()) as { error: ArmErrorBody }
  return new ArmError(refusal.status, error)
}
