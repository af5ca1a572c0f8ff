// Writes what is generated from the code and committed: the JSON Schemas of both documents, the boxes of the issue form,
// the tables of the READMEs, pictures.
//   node scripts/generate.ts          writes
//   node scripts/generate.ts --check  writes nothing, and fails when a file is not what it would write
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { readSubjects } from '../judge/case-file.ts'
import { catalogue } from '../src/catalog/index.ts'
import { factorySchema } from '../src/manifest/factory-schema.ts'
import { toJsonSchema } from '../src/manifest/json-schema.ts'
import { projectSchema } from '../src/manifest/project-schema.ts'
import { actionTables } from './generated/action-tables.ts'
import { architecturePicture } from './generated/architecture-picture.ts'
import { exampleMap } from './generated/example-map.ts'
import { absentList, judgeTable } from './generated/judge-tables.ts'
import {
  coreTeamRightsTable,
  lakeRights,
  personaList,
  processRights,
  projectRights,
  rightsChoices,
} from './generated/persona-texts.ts'
import { roleList, serviceBoxes, serviceTable } from './generated/service-texts.ts'

const root = path.join(import.meta.dirname, '..')

/** The text of a file as it is committed, whatever line ends the checkout gave it; empty when it does not exist. */
const textOf = (file: string): string =>
  existsSync(path.join(root, file))
    ? readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n')
    : ''

/** A file, and what it should hold. */
type Generated = readonly [file: string, text: string]

/** The part of a file between two lines. @throws Error when the file does not have them */
function part(file: string, begin: string, text: string, end: string): Generated {
  return [file, between(textOf(file), file, { begin, text, end })]
}

interface Part {
  readonly begin: string
  readonly text: string
  readonly end: string
}

function between(current: string, file: string, { begin, text, end }: Part): string {
  const start = current.indexOf(begin)
  const stop = current.indexOf(end, start)
  if (start < 0 || stop < 0) throw new Error(`${file} lacks the lines "${begin}" and "${end}".`)
  return `${current.slice(0, start) + begin}\n${text}\n${current.slice(stop)}`
}

const inMarkdown = (file: string, what: string, text: string): Generated => [
  file,
  partOf(textOf(file), file, what, text),
]

/** The text of a Markdown file with one of its parts generated. */
const partOf = (current: string, file: string, what: string, text: string): string =>
  between(current, file, {
    begin: `<!-- ${what} -->`,
    text: `\n${text}\n`,
    end: '<!-- end of generated part -->',
  })

const schemas = {
  'factory.schema.json': factorySchema(catalogue),
  'project.schema.json': projectSchema(catalogue),
}

/** The tables of one page, which are all in one file. */
function personaParts(): readonly Generated[] {
  const file = 'docs/personas.md'
  const tables = {
    'personas: generated from src/catalog/personas.ts': personaList(),
    'rights in projects: generated from src/catalog': projectRights(),
    'rights of processes: generated from src/catalog': processRights(),
    'rights in the common area: generated from src/catalog/common': coreTeamRightsTable(),
    'rights in the data lake: generated from src/lake/matrix.ts': lakeRights(),
    'choices of rights: generated from src/catalog': rightsChoices(),
  }
  return [
    [
      file,
      Object.entries(tables).reduce((text, [what, inner]) => partOf(text, file, what, inner), textOf(file)),
    ],
  ]
}

const subjects = readSubjects()

const actions = readdirSync(path.join(root, 'actions'))
  .map((name) => `actions/${name}`)
  .filter((action) => existsSync(path.join(root, action, 'action.yml')))

const generated = (): readonly Generated[] => [
  ...['schemas', 'workflows-templates/schemas'].flatMap((folder) =>
    Object.entries(schemas).map(
      ([name, schema]) =>
        [`${folder}/${name}`, `${JSON.stringify(toJsonSchema(schema), null, 2)}\n`] as const,
    ),
  ),
  part(
    'workflows-templates/.github/ISSUE_TEMPLATE/new-project.yml',
    '        # services: generated from src/catalog',
    serviceBoxes(catalogue),
    '        # end of generated part',
  ),
  ...actions.map((action) =>
    inMarkdown(
      `${action}/README.md`,
      'inputs and outputs: generated from action.yml',
      actionTables(textOf(`${action}/action.yml`)),
    ),
  ),
  inMarkdown('workflows-templates/README.md', 'roles: generated from src/catalog/facts/roles.ts', roleList()),
  ...personaParts(),
  inMarkdown('docs/services.md', 'services: generated from src/catalog', serviceTable(catalogue)),
  inMarkdown(
    'sandbox/PARITY.md',
    'judge: generated from judge/cases',
    `${judgeTable(subjects)}\n\nAbsent, and said so:\n\n${absentList(subjects)}`,
  ),
  ['docs/vnet-map.svg', exampleMap()],
  ['docs/architecture.svg', architecturePicture()],
]

const stale = generated().filter(([file, text]) => textOf(file) !== text)
for (const [file, text] of stale) {
  if (process.argv.includes('--check')) {
    console.error(`${file} is not what it is generated from. Run "npm run generate" and commit it.`)
    process.exitCode = 1
  } else {
    writeFileSync(path.join(root, file), text)
    console.log(file)
  }
}
