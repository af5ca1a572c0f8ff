// The tables of inputs and outputs in the README of an action, from its action.yml.
import { parse } from 'yaml'
import { z } from 'zod'

const actionSchema = z.object({
  inputs: z
    .record(
      z.string(),
      z.object({
        description: z.string().min(1),
        default: z.string().optional(),
        required: z.boolean().optional(),
      }),
    )
    .default({}),
  outputs: z.record(z.string(), z.object({ description: z.string().min(1) })).default({}),
})

const cell = (value: string): string => value.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim()

/** @param actionYaml the text of an action.yml */
export function actionTables(actionYaml: string): string {
  const { inputs, outputs } = actionSchema.parse(parse(actionYaml))
  const inputRows = Object.entries(inputs).map(([name, { description, default: preset, required }]) => {
    const value = preset === undefined ? (required === true ? '**required**' : '') : `\`${preset}\``
    return `| \`${name}\` | ${cell(description)} | ${value} |`
  })
  const outputRows = Object.entries(outputs).map(
    ([name, { description }]) => `| \`${name}\` | ${cell(description)} |`,
  )
  const inputTable = ['| Input | Meaning | Default |', '| --- | --- | --- |', ...inputRows]
  const outputTable = ['| Output | Meaning |', '| --- | --- |', ...outputRows]
  return [...inputTable, '', ...outputTable].join('\n')
}
