import { endStep, runAction } from '../../src/runtime/run-action.ts'
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

await endStep(runAction(readInputs, (inputs, host) => run(inputs, host)))
