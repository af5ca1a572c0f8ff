// Writes the tables of inputs and outputs in each action's README from its action.yml.
//   node scripts/generate-readmes.ts          writes
//   node scripts/generate-readmes.ts --check  fails when a README is not what it would write
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
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

const actions = path.join(import.meta.dirname, '..', 'actions')
const begin = '<!-- inputs and outputs: generated from action.yml -->'
const end = '<!-- end of generated part -->'

const text = (value: string): string => value.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim()

function tables(actionFile: string): string {
  const { inputs, outputs } = actionSchema.parse(parse(readFileSync(actionFile, 'utf8')))
  const inputRows = Object.entries(inputs).map(([name, { description, default: standard, required }]) => {
    const value = standard === undefined ? (required === true ? '**required**' : '') : `\`${standard}\``
    return `| \`${name}\` | ${text(description)} | ${value} |`
  })
  const outputRows = Object.entries(outputs).map(
    ([name, { description }]) => `| \`${name}\` | ${text(description)} |`,
  )
  const inputTable = ['| Input | Meaning | Default |', '| --- | --- | --- |', ...inputRows]
  const outputTable = ['| Output | Meaning |', '| --- | --- |', ...outputRows]
  return [begin, '', ...inputTable, '', ...outputTable, '', end].join('\n')
}

let stale = 0
for (const action of readdirSync(actions)) {
  const actionFile = path.join(actions, action, 'action.yml')
  const readme = path.join(actions, action, 'README.md')
  if (!existsSync(actionFile)) continue
  const current = existsSync(readme) ? readFileSync(readme, 'utf8') : ''
  const [before, after] = [current.indexOf(begin), current.indexOf(end)]
  if (before < 0 || after < before) {
    console.error(
      `actions/${action}/README.md has no generated part: put the lines "${begin}" and "${end}" into it.`,
    )
    stale += 1
    continue
  }
  const wanted = current.slice(0, before) + tables(actionFile) + current.slice(after + end.length)
  if (wanted === current) continue
  if (process.argv.includes('--check')) {
    console.error(`actions/${action}/README.md is not what action.yml says. Run "npm run readmes".`)
    stale += 1
  } else {
    writeFileSync(readme, wanted)
    console.log(`actions/${action}/README.md`)
  }
}
process.exit(stale === 0 ? 0 : 1)
