import { setLakeAccess } from '../../src/operations/lake/set-lake-access.ts'
import { endStep, runAction } from '../../src/runtime/run-action.ts'
import { readInputs } from './inputs.ts'

endStep(runAction(readInputs, setLakeAccess))
