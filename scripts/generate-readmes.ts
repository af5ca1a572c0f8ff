// Writes the tables of inputs and outputs in each action's README from its action.yml, the roles that the identity of an
// environment may give, in the setup of a bootstrap repository, from the catalogue, and the picture of a VNet.
//   node scripts/generate-readmes.ts          writes
//   node scripts/generate-readmes.ts --check  fails when a README is not what it would write
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { roles } from '../src/catalog/facts/roles.ts'
import { exampleMap } from './example-map.ts'

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

const root = path.join(import.meta.dirname, '..')
const actions = path.join(root, 'actions')

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
  return [...inputTable, '', ...outputTable].join('\n')
}

/** The roles of Azure's own access control; Cosmos DB's are not given through it. */
function roleList(): string {
  const given = Object.entries(roles).filter(([, { plane }]) => plane === 'azure')
  const names = given.map(([name]) => `#   ${name}`)
  const ids = given.map(([, { id }]) => id).join(', ')
  return [
    '```bash',
    '# The condition names each of these by its identifier:',
    ...names,
    `ROLES="${ids}"`,
    '```',
  ].join('\n')
}

const end = '<!-- end of generated part -->'
const actionFiles = readdirSync(actions)
  .map((action) => path.join(actions, action, 'action.yml'))
  .filter((file) => existsSync(file))

/** What is generated: into which file, after which line, and the text. */
const parts = [
  ...actionFiles.map((file) => ({
    readme: path.join(path.dirname(file), 'README.md'),
    begin: '<!-- inputs and outputs: generated from action.yml -->',
    text: tables(file),
  })),
  {
    readme: path.join(root, 'workflows-templates', 'README.md'),
    begin: '<!-- roles: generated from src/catalog/facts/roles.ts -->',
    text: roleList(),
  },
]

let stale = 0
for (const { readme, begin, text: generated } of parts) {
  const name = path.relative(root, readme)
  const current = existsSync(readme) ? readFileSync(readme, 'utf8') : ''
  const before = current.indexOf(begin)
  const after = current.indexOf(end, before)
  if (before < 0 || after < 0) {
    console.error(`${name} has no generated part: put the lines "${begin}" and "${end}" into it.`)
    stale += 1
    continue
  }
  const wanted = `${current.slice(0, before) + begin}\n\n${generated}\n\n${current.slice(after)}`
  if (wanted === current) continue
  if (process.argv.includes('--check')) {
    console.error(`${name} is not what it is generated from. Run "npm run readmes".`)
    stale += 1
  } else {
    writeFileSync(readme, wanted)
    console.log(name)
  }
}

/** Files that are generated as a whole. */
const files = [{ file: path.join(root, 'docs', 'vnet-map.svg'), text: exampleMap() }]
for (const { file, text: wanted } of files) {
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) continue
  const name = path.relative(root, file)
  if (process.argv.includes('--check')) {
    console.error(`${name} is not what it is generated from. Run "npm run readmes".`)
    stale += 1
  } else {
    writeFileSync(file, wanted)
    console.log(name)
  }
}
process.exit(stale === 0 ? 0 : 1)
