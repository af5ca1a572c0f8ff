import { manageSubnets } from '../../src/operations/network/manage-subnets.ts'
import { endStep } from '../../src/runtime/end-step.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { readInputs } from './inputs.ts'

endStep(runAction('ip-calc', readInputs, manageSubnets))
