import { manageLake } from '../../src/operations/modes/datalake-acl.ts'
import { endStep } from '../../src/runtime/end-step.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { readInputs } from './inputs.ts'

endStep(runAction('datalake-acl', readInputs, manageLake))
