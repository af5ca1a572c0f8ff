import { provisionProject } from '../../src/operations/provision/provision-project.ts'
import { endStep, runAction } from '../../src/runtime/run-action.ts'
import { readInputs } from './inputs.ts'

endStep(runAction(readInputs, provisionProject))
