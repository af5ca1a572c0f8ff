import { provisionProject } from '../../src/operations/modes/provision-project.ts'
import { endStep } from '../../src/runtime/end-step.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { readInputs } from './inputs.ts'

endStep(runAction('provision-project', readInputs, provisionProject))
