import { requestProject } from '../../src/operations/request/request-project.ts'
import { endStep, runAction } from '../../src/runtime/run-action.ts'
import { readInputs } from './inputs.ts'

endStep(runAction(readInputs, requestProject))
