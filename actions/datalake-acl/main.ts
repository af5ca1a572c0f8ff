import { setLakeAccess } from '../../src/operations/lake/set-lake-access.ts'
import { endStep } from '../../src/runtime/end-step.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { readInputs } from './inputs.ts'

endStep(runAction('datalake-acl', readInputs, setLakeAccess))
