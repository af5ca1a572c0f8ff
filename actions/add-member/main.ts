import { assignAccess } from '../../src/operations/access/assign-access.ts'
import { endStep, runAction } from '../../src/runtime/run-action.ts'
import { readInputs } from './inputs.ts'

endStep(runAction(readInputs, assignAccess))
