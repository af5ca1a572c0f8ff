import { endStep, runAction } from '../../src/runtime/run-action.ts'
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

endStep(runAction(readInputs, run))
