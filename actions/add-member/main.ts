import { assignAccess } from '../../src/operations/access/assign-access.ts'
import { endStep } from '../../src/runtime/end-step.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { readInputs } from './inputs.ts'

endStep(runAction('add-member', readInputs, assignAccess))
