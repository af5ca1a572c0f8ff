import { requestProject } from '../../src/operations/request/request-project.ts'
import { endStep } from '../../src/runtime/end-step.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { readInputs } from './inputs.ts'

endStep(runAction('project-request', readInputs, requestProject))
