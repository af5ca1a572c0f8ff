import { run } from '../../src/operations/network/run.ts'
import { endStep, runAction } from '../../src/runtime/run-action.ts'
import { readInputs } from './inputs.ts'

endStep(runAction(readInputs, run))
