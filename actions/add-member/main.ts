import { manageMembers } from '../../src/operations/modes/add-member.ts'
import { endStep } from '../../src/runtime/end-step.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { readInputs } from './inputs.ts'

endStep(runAction('add-member', readInputs, manageMembers))
