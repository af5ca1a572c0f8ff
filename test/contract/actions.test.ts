import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import ts from 'typescript'
import { readInputs as addMember } from '../../actions/add-member/inputs.ts'
import { readInputs as datalakeAcl } from '../../actions/datalake-acl/inputs.ts'
import { readInputs as ipCalc } from '../../actions/ip-calc/inputs.ts'
import { readInputs as projectRequest } from '../../actions/project-request/inputs.ts'
import { readInputs as provisionProject } from '../../actions/provision-project/inputs.ts'
import { UserError } from '../../src/diagnostics/user-error.ts'
import { type InputReader, inputReader } from '../../src/runtime/inputs.ts'
import { recordingHost } from '../runtime/recording-host.ts'
import { find, read, readAction } from './documents.ts'

const readers: Readonly<Record<string, (reader: InputReader) => unknown>> = {
  'add-member': addMember,
  'datalake-acl': datalakeAcl,
  'ip-calc': ipCalc,
  'project-request': projectRequest,
  'provision-project': provisionProject,
}
const actions = find('actions/*/action.yml').map((file) => file.split('/').slice(1, 2).join())

/** The names of the inputs that the code asks for, and the values of those that decide what else it asks for. */
function askedFor(action: string, given: Readonly<Record<string, string>>): readonly string[] {
  const host = recordingHost({ project: '001', environment: 'dev', ...given })
  const asked = new Set<string>()
  const input = (name: string): string => {
    asked.add(name)
    return host.input(name)
  }
  readers[action]?.(inputReader({ ...host, input }))
  return [...asked].sort()
}

/** The modes that the code takes, as it names them to whoever gives another one. */
function modesOf(action: string): readonly string[] {
  try {
    askedFor(action, { mode: 'nonsense' })
  } catch (error) {
    if (error instanceof UserError)
      return /^Use (.*?)\./.exec(error.parts.fix ?? '')?.[1]?.split(/, | or /) ?? []
    throw error
  }
  return []
}

/** The entry point of an action, and the operations behind it. */
function sourcesOf(action: string): readonly string[] {
  const found = new Set<string>()
  const visit = (file: string): void => {
    if (found.has(file)) return
    found.add(file)
    for (const { fileName } of ts.preProcessFile(read(file)).importedFiles) {
      const imported = fileName.startsWith('.') ? path.posix.join(path.posix.dirname(file), fileName) : ''
      if (imported.startsWith('src/operations/')) visit(imported)
    }
  }
  visit(`actions/${action}/main.ts`)
  return [...found]
}

const main = (action: string): string => read(`actions/${action}/main.ts`)

/** The outputs that are published for every plan. */
const published = ['changed', 'plan-file']

/** The names in every object that the code hands over as `outputs` or `files`. */
function outputsOf(action: string): readonly string[] {
  const names = new Set<string>(published)
  for (const file of sourcesOf(action)) {
    const visit = (node: ts.Node): void => {
      if (ts.isPropertyAssignment(node)) for (const name of handedOver(node, file)) names.add(name)
      ts.forEachChild(node, visit)
    }
    visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true))
  }
  return [...names].sort()
}

function handedOver({ name, initializer }: ts.PropertyAssignment, file: string): readonly string[] {
  if (!['outputs', 'files'].includes(name.getText())) return []
  if (ts.isObjectLiteralExpression(initializer)) {
    return initializer.properties.map((property) =>
      (property.name?.getText() ?? '').replaceAll(/^['"]|['"]$/g, ''),
    )
  }
  // Counts of files are no outputs.
  if (ts.isNumericLiteral(initializer)) return []
  throw new Error(`${file}: write the outputs out, so that they can be compared with action.yml.`)
}

test('every action is covered here', () => {
  expect(actions).toEqual(Object.keys(readers).sort())
})

describe.each(actions)('%s', (action) => {
  const document = readAction(`actions/${action}/action.yml`)

  test('has every mode in action.yml, and each of many explained in the README', () => {
    const modes = modesOf(action)
    expect(modes).toEqual(expect.arrayContaining(['plan']))
    for (const mode of modes) {
      expect(document.inputs['mode']?.description).toMatch(new RegExp(`(?<![\\w-])${mode} `))
      if (modes.length > 3)
        expect(read(`actions/${action}/README.md`)).toMatch(new RegExp(`^(?:- |\\| )\`${mode}\` `, 'm'))
    }
  })

  test('has the inputs in action.yml that its code asks for', () => {
    expect(askedFor(action, {})).toEqual(Object.keys(document.inputs).sort())
  })

  test('asks for no other inputs when it calculates offline, frees or counts, or changes one persona', () => {
    const asked = [
      ...(action === 'ip-calc'
        ? [
            ...askedFor(action, { mode: 'reserve', 'vnet-id': '/x', allocation: 'pool' }),
            ...askedFor(action, { mode: 'release', subnets: 'genai' }),
            ...askedFor(action, { mode: 'capacity', 'warn-below': '3', project: '' }),
            ...askedFor(action, { mode: 'capacity', projects: 'esml: 1', project: '' }),
          ]
        : []),
      ...askedFor(action, { 'address-space': '10.0.0.0/16', subnets: '[{"name":"a","prefixLength":26}]' }),
      ...askedFor(action, { persona: 'lead', add: 'anna@contoso.example' }),
    ]
    expect(Object.keys(document.inputs)).toEqual(expect.arrayContaining([...new Set(asked)]))
  })

  test('reads its inputs and calls one operation, as every action does', () => {
    const [, operation = ''] =
      /^endStep\(runAction\('[a-z-]+', readInputs, (\w+)\)\)$/m.exec(main(action)) ?? []
    const [, file = ''] = /^import \{ \w+ \} from '(.*)'$/m.exec(main(action)) ?? []
    expect(main(action)).toBe(`import { ${operation} } from '${file}'
import { endStep } from '../../src/runtime/end-step.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { readInputs } from './inputs.ts'

endStep(runAction('${action}', readInputs, ${operation}))
`)
    expect(file).toMatch(/^\.\.\/\.\.\/src\/operations\//)
  })

  test('has the outputs in action.yml that its code sets', () => {
    expect(outputsOf(action)).toEqual(Object.keys(document.outputs).sort())
  })

  test('changes nothing by default', () => {
    expect(document.inputs['mode']?.default).toBe('plan')
  })

  test('runs on Node 24, from a bundle that is there', () => {
    expect(document.runs.using).toBe('node24')
    expect(read(path.join('actions', action, document.runs.main))).not.toBe('')
  })

  test('ends with one error and exit code 1 without inputs', () => {
    const bundle = path.join(import.meta.dirname, '../../actions', action, document.runs.main)
    const { status, stdout, stderr } = spawnSync(process.execPath, [bundle], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    })
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout.match(/^::error/gm)).toHaveLength(1)
    expect(stdout).toMatch(/^::error::Input '[a-z-]+'/m)
  })
})
