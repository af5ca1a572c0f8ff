import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from '@jest/globals'

const root = path.join(import.meta.dirname, '..', '..')
const exampleRequest = readFileSync(path.join(root, 'demo', 'example-request.md'), 'utf8')

/** What `npm start` does once it has set itself up, with everything it writes in a folder of the test's. */
interface Started {
  readonly exitCode: number | null
  readonly output: string
  readonly errors: string
}

async function start(folder: string, ...args: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, [path.join(root, 'demo', 'start.ts'), ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], AI_FACTORY_OUT: path.join(folder, 'out') },
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { exitCode: await ended, output, errors }
}

const emptyFolder = (): string => mkdtempSync(path.join(os.tmpdir(), 'start-'))

/** The lines about steps, without what differs from run to run. */
const steps = ({ output }: Started): readonly string[] =>
  output
    .split('\n')
    .filter((line) => /calls$/.test(line))
    .map((line) =>
      line
        .trim()
        .replace(/ {2,}[\d.]+ s, \d+ calls$/, '')
        .replaceAll(/ {2,}/g, ' | '),
    )

test.concurrent('three empty subscriptions come to a delivered project; started again, nothing is changed', async () => {
  const folder = emptyFolder()
  const first = await start(folder)
  expect(first.errors).toBe('')
  expect(first.exitCode).toBe(0)
  expect(steps(first)).toMatchInlineSnapshot(`
    [
      "factory | setup | create identities, give them rights | done",
      "dev | provision-project | deploy the common area | done",
      "dev | add-member | create the groups of the core team | done",
      "dev | datalake-acl | create the folders of the data lake | done",
      "stage | provision-project | deploy the common area | done",
      "stage | add-member | create the groups of the core team | done",
      "stage | datalake-acl | create the folders of the data lake | done",
      "prod | provision-project | deploy the common area | done",
      "prod | add-member | create the groups of the core team | done",
      "prod | datalake-acl | create the folders of the data lake | done",
      "request | project-request | turn the issue into a manifest | done",
      "dev | provision-project | check all that would stop it | no change",
      "dev | ip-calc | allocate and create subnets | done",
      "dev | provision-project | deploy the private resources | done",
      "dev | add-member | create groups and assign roles | done",
      "dev | datalake-acl | create folders in the data lake | done",
      "dev | ip-calc | release subnets nobody needs | no change",
      "stage | provision-project | check all that would stop it | no change",
      "stage | ip-calc | allocate and create subnets | done",
      "stage | provision-project | deploy the private resources | done",
      "stage | add-member | create groups and assign roles | done",
      "stage | datalake-acl | create folders in the data lake | done",
      "stage | ip-calc | release subnets nobody needs | no change",
      "prod | provision-project | check all that would stop it | no change",
      "prod | ip-calc | allocate and create subnets | done",
      "prod | provision-project | deploy the private resources | done",
      "prod | add-member | create groups and assign roles | done",
      "prod | datalake-acl | create folders in the data lake | done",
      "prod | ip-calc | release subnets nobody needs | no change",
    ]
  `)
  expect(first.output).toMatch(
    /Project 001 is delivered to dev, stage, prod\.\n[\d.]+ s, \d+ calls to Azure and GitHub\.\nReport: out\/report\.html\n$/,
  )
  expect(first.output).toContain('The factory is set up.')
  expect(first.output).toMatch(
    /The common area is created in dev, stage, prod\. It costs about \$\d+ a month/,
  )
  expect(first.output).toMatch(/More projects that fit in prod: \d+ of type esml/)
  const page = readFileSync(path.join(folder, 'out', 'report.html'), 'utf8')
  expect(page).toMatch(/^<!doctype html>/i)
  for (const words of [
    'Set-up',
    'Common area',
    'Reachable from',
    'not from the Internet',
    'Capacity for projects',
  ])
    expect(page).toContain(words)

  const second = await start(folder)
  expect(second.exitCode).toBe(0)
  expect(steps(second).filter((line) => !line.endsWith('no change'))).toEqual([])
  expect(second.output).toContain(
    'Project 001 is in dev, stage, prod as its manifest says. Nothing was changed.',
  )
  expect(second.output).toContain('The set-up of the factory is as it should be.')
  expect(second.output).toContain('The common area is as factory.yml says in dev, stage, prod.')

  const other = await start(folder, '--from', 'project')
  expect(other.exitCode).toBe(1)
  expect(other.output).toContain('was begun with --from subscriptions. Go on with that, delete the folder')
})

describe('it ends with exit code 1, and says what to do,', () => {
  test.concurrent('when the file with the issue is not there', async () => {
    const folder = emptyFolder()
    const { exitCode, output, errors } = await start(folder, 'nowhere.md')
    expect(exitCode).toBe(1)
    expect(output + errors).toBe(
      [
        `The request '${path.join(folder, 'nowhere.md')}' cannot be read. There is no such file.`,
        'Name a file with the text of a new-project issue: npm start -- ISSUE.md',
        `An example to copy: ${path.join(root, 'demo', 'example-request.md')}\n`,
      ].join('\n'),
    )
    expect(existsSync(path.join(folder, 'out'))).toBe(false)
  })

  test.concurrent('when it is a folder, or a file stands where the results go', async () => {
    const folder = emptyFolder()
    expect((await start(folder, '.')).output).toContain(
      `The request '${folder}' cannot be read. It is a folder.`,
    )
    writeFileSync(path.join(folder, 'out'), '')
    const { exitCode, output, errors } = await start(folder)
    expect({ exitCode, errors }).toEqual({ exitCode: 1, errors: '' })
    expect(output).toMatch(
      /^The folder '.*out' cannot be written to\. A file .* delete or rename it, or name another folder in AI_FACTORY_OUT\.$/m,
    )
  })

  test.concurrent('when the issue is not as the form has it', async () => {
    const folder = emptyFolder()
    writeFileSync(path.join(folder, 'issue.md'), exampleRequest.replace('anna@contoso.example', 'anna'))
    const { exitCode, output, errors } = await start(folder, '--from', 'project', 'issue.md')
    expect(exitCode).toBe(1)
    expect(output).toContain('Owner: This is not an e-mail address. Found "anna".')
    expect(output).toContain('project-request failed, and no project was created.')
    expect(output).toContain(
      `Correct the request ${path.join(folder, 'issue.md')}\nThen run it again: npm start -- --from project issue.md\n`,
    )
    expect(errors).toBe('')
  })

  test.concurrent('when it names somebody unknown: which files to correct; and delivers the corrected request where it asks for', async () => {
    const folder = emptyFolder()
    const issue = path.join(folder, 'issue.md')
    const onlyDev = exampleRequest
      .replace('rag-chat', 'own-idea')
      .replaceAll(/- \[X\] (Stage|Prod)/g, '- [ ] $1')
    writeFileSync(issue, onlyDev.replace('bo@contoso.example', 'nobody@contoso.example'))
    const first = await start(folder, '--from', 'project', 'issue.md')
    const manifest = path.join(folder, 'out/bootstrap-repository/aifactory/projects/prj001.yml')
    expect(first.exitCode).toBe(1)
    expect(first.output).toContain(
      [
        'provision-project failed in dev, before anything of the project was created.',
        `Correct the request ${issue}`,
        `or the manifest that was made of it: ${manifest}`,
        'Then run it again: npm start -- --from project issue.md',
      ].join('\n'),
    )

    writeFileSync(issue, onlyDev)
    const second = await start(folder, '--from', 'project', 'issue.md')
    expect([second.exitCode, second.errors]).toEqual([0, ''])
    expect(second.output).toContain('Project 001 is delivered to dev.')
    expect(readFileSync(manifest, 'utf8')).toContain('name: own-idea')
    expect(readFileSync(manifest, 'utf8')).toContain('bo@contoso.example')

    // From now on the manifest counts: what the team changed in it is not lost.
    writeFileSync(issue, onlyDev.replace('1234', '5678'))
    expect((await start(folder, '--from', 'project', 'issue.md')).output).toContain('Nothing was changed.')
    expect(readFileSync(manifest, 'utf8')).toContain('1234')
  })
})
