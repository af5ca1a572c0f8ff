import { run } from '../../src/operations/request/run.ts'
import { endStep, runAction } from '../../src/runtime/run-action.ts'
import { readInputs } from './inputs.ts'

endStep(runAction(readInputs, run))
