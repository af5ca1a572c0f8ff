// Writes the JSON Schemas of both documents, for editors: into schemas/, and beside what a bootstrap repository starts
// from. With --check it writes nothing, and fails when a file is not what the code says.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { factorySchema } from '../src/manifest/factory-schema.ts'
import { toJsonSchema } from '../src/manifest/json-schema.ts'
import { catalogue } from '../src/manifest/load.ts'
import { projectSchema } from '../src/manifest/project-schema.ts'

const root = path.join(import.meta.dirname, '..')
const schemas = {
  'factory.schema.json': factorySchema(catalogue),
  'project.schema.json': projectSchema(catalogue),
}
const files = ['schemas', 'workflows-templates/schemas'].flatMap((folder) =>
  Object.entries(schemas).map(([name, schema]) => ({
    name: `${folder}/${name}`,
    text: `${JSON.stringify(toJsonSchema(schema), null, 2)}\n`,
  })),
)

if (process.argv.includes('--check')) {
  const stale = []
  for (const { name, text } of files) if ((await readText(name)) !== text) stale.push(name)
  if (stale.length > 0) {
    console.error(`Out of date: ${stale.join(', ')}. Run 'npm run schemas' and commit the result.`)
    process.exitCode = 1
  }
} else {
  for (const { name, text } of files) {
    const file = path.join(root, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}

/** The text of a file as it is committed, whatever line ends the checkout gave it; nothing when it does not exist. */
async function readText(name: string): Promise<string | undefined> {
  try {
    return (await readFile(path.join(root, name), 'utf8')).replaceAll('\r\n', '\n')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
