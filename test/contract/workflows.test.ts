import { describe, expect, test } from '@jest/globals'
import { parseAllDocuments } from 'yaml'
import { customRolesOf } from '../../src/access/custom-roles.ts'
import { roles } from '../../src/catalog/facts/roles.ts'
import { setupRoles, unlimitedRoles } from '../../src/catalog/facts/setup-roles.ts'
import { deliveryCondition } from '../../src/operations/delivery-condition.ts'
import { commonSteps } from '../../src/report/chain.ts'
import { allowances } from '../../src/vocabulary.ts'
import { exampleNames, exampleProject } from '../fixtures/projects.ts'
import { examples, find, inputsOf, read, readAction, readWorkflow, workflowFiles } from './documents.ts'

const usesLine = /^\s*(?:-\s+)?uses:\s*(.+?)\s*$/

/**
 * What a workflow may use: an action pinned by its commit, with the version behind it; this repository at its own
 * commit; or, where a reader has to fill it in, OWNER and COMMIT (or 40 zeros).
 */
const pinned = [
  /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/,
  /^\$\/[\w./-]+$/,
  /^OWNER\/ai-factory-actions(?:\/[\w./-]+)?@(COMMIT|0{40}) # v\d+\.\d+\.\d+$/,
]

const usesOf = (text: string): readonly string[] =>
  text.split('\n').flatMap((line) => usesLine.exec(line)?.[1] ?? [])

describe('what workflows and examples use is pinned', () => {
  test.each(workflowFiles)('%s', (file) => {
    for (const uses of usesOf(read(file)))
      expect(pinned.some((form) => form.test(uses)) ? 'pinned' : uses).toBe('pinned')
  })

  test('in the examples of the documentation', () => {
    const loose = examples.flatMap(({ file, text }) =>
      usesOf(text)
        .filter((uses) => !pinned.some((form) => form.test(uses)))
        .map((uses) => `${file}: ${uses}`),
    )
    expect(loose).toEqual([])
    expect(examples.length).toBeGreaterThan(5)
  })

  test('and an example is YAML', () => {
    const broken = examples.flatMap(({ file, text }) =>
      parseAllDocuments(text).flatMap(({ errors }) => errors.map(({ message }) => `${file}: ${message}`)),
    )
    expect(broken).toEqual([])
  })
})

describe.each(workflowFiles)('%s', (file) => {
  const text = read(file)
  const workflow = readWorkflow(file)
  const jobs = Object.entries(workflow.jobs)

  test('grants its jobs only the permissions that each declares and explains', () => {
    expect(workflow.permissions).toEqual({})
    for (const [, job] of jobs) expect(Object.keys(job.permissions ?? {})).not.toEqual([])
    const given = text
      .split('\n')
      .filter((line) =>
        /^ {6}(contents|id-token|issues|pull-requests|actions|checks|packages): \w/.test(line),
      )
    expect(given.length).toBeGreaterThan(0)
    for (const line of given) expect(line).toMatch(/ # \S/)
  })

  test('puts no expression into a script', () => {
    for (const [, { steps }] of jobs)
      for (const step of steps)
        expect(`${step.run ?? ''}${String(step.with['script'] ?? '')}`).not.toContain('${{')
  })

  test('leaves no credential behind in a checkout', () => {
    for (const [, { steps }] of jobs)
      for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')))
        expect(step.with['persist-credentials']).toBe(false)
  })

  test('passes to our actions and workflows only inputs that they have, and all that they require', () => {
    const own = /^(?:\$|OWNER\/ai-factory-actions)\/(.+?)(?:@.*)?$/
    const calls = jobs
      .flatMap(([, job]) => [job, ...job.steps])
      .flatMap(({ uses = '', with: given }) => {
        const target = own.exec(uses)?.[1]
        return target === undefined ? [] : [{ target, given: Object.keys(given) }]
      })
    for (const { target, given } of calls) {
      const inputs = target.endsWith('.yml')
        ? inputsOf(readWorkflow(target))
        : readAction(`${target}/action.yml`).inputs
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(given))
      const required = Object.keys(inputs).filter((name) => inputs[name]?.required === true)
      expect(given).toEqual(expect.arrayContaining(required))
    }
  })
})

test('every workflow is checked, whatever its extension', () => {
  expect(find('.github/workflows/*', 'workflows-templates/.github/workflows/*')).toEqual(workflowFiles)
  expect(workflowFiles.length).toBeGreaterThan(3)
})

test('the set-up limits the roles that an environment may assign to those of the catalogue', () => {
  const text = read('workflows-templates/README.md')
  const [, ids = ''] = /^ROLES="(.*)"$/m.exec(text) ?? []
  const given = Object.values(roles).flatMap(({ id, plane }) => (plane === 'azure' ? [id] : []))
  expect(ids.split(', ')).toEqual(given)
  const project = exampleProject('all', 'dev')
  const condition = deliveryCondition(project.factory)
  const own = customRolesOf(project.factory, exampleNames(project).common).map(({ id }) => id)
  const never = [...Object.values(unlimitedRoles), setupRoles['Role Based Access Control Administrator']]
  const halves = [
    ['write', 'Request', `ForAnyOfAnyValues:GuidEquals {${[...given, ...own].join(', ')}}`],
    [
      'delete',
      'Resource',
      `ForAnyOfAllValues:GuidNotEquals {${[...never, setupRoles.Contributor].join(', ')}}`,
    ],
  ] as const
  for (const [verb, source, limit] of halves) {
    const half = condition.slice(condition.indexOf(`roleAssignments/${verb}'`))
    expect(half).toContain(`@${source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ${limit}`)
    expect(half).toContain(
      `@${source}[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'Group', 'ServicePrincipal'}`,
    )
  }
})

test('a push allows nothing, and a delivery by hand only what was chosen', () => {
  const text = read('workflows-templates/.github/workflows/deliver.yml')
  expect(text).toMatch(/allow: \$\{\{ inputs\.allow \}\}\n/)
  // One run may need several words, e.g. to switch a service off and to purge it.
  const [, description = ''] = /\n {6}allow:\n {8}description: (.*)\n {8}default: ''\n/.exec(text) ?? []
  for (const word of allowances.filter((word) => word !== 'take-over')) expect(description).toContain(word)
  // Nothing of a project is taken over.
  expect(description).not.toContain('take-over')
  for (const file of ['environment', 'project', 'projects'])
    expect(inputsOf(readWorkflow(`.github/workflows/deliver-${file}.yml`))['allow']).toMatchObject({
      default: '',
    })
})

test('a project waits for its own deliveries and destructions in an environment, and for no other project', () => {
  for (const name of ['deliver-environment', 'destroy-project'])
    expect(read(`.github/workflows/${name}.yml`)).toMatch(
      / {4}concurrency:\n {6}group: ai-factory-\$\{\{ inputs\.environment \}\}-\$\{\{ inputs\.project \}\}\n {6}cancel-in-progress: false\n {6}queue: max\n/,
    )
})

test('a sentence that sends somebody to a workflow names one that a bootstrap repository has', () => {
  const names = find('workflows-templates/.github/workflows/*.yml').map(
    (file) => /^name: (.*)$/m.exec(read(file))?.[1],
  )
  const texts = find('src/**/*.ts', '.github/workflows/*.yml', 'workflows-templates/**/*.md').map(read)
  const named = texts.flatMap((text) =>
    [...text.matchAll(/Actions > ([A-Z][a-z ]+?)(?: > Run workflow|\*)/g)].map(([, name]) => name),
  )
  expect(named.length).toBeGreaterThan(0)
  expect(names).toEqual(expect.arrayContaining([...new Set(named)]))
})

test('what GitHub starts before there is any runner finds its way: the variable is read as empty', () => {
  for (const file of workflowFiles.filter((name) => !/deliver-(environment|project)/.test(name)))
    expect(read(file)).not.toMatch(/fromJSON\((inputs\.runs-on|vars\.\w+)\)/)
})

test('a destroy shows its plan first, and goes on only with the number of the project', () => {
  const file = '.github/workflows/destroy-project.yml'
  const { jobs } = readWorkflow(file)
  const stepOf = (job: string) =>
    jobs[job]?.steps.find(({ uses }) => uses === '$/actions/provision-project')?.with
  expect(stepOf('plan')).toMatchObject({ mode: 'destroy' })
  expect(Object.keys(stepOf('plan') ?? {})).not.toContain('confirm')
  expect(stepOf('destroy')).toMatchObject({
    mode: 'destroy',
    confirm: expect.stringMatching(/inputs\.confirm/),
  })
  expect(read(file)).toMatch(
    /needs: plan\n\s+if: inputs\.confirm != '' && needs\.plan\.outputs\.changed == 'true'\n/,
  )
  expect(inputsOf(readWorkflow(file))['allow']).toMatchObject({ default: '' })
  const form = read('workflows-templates/.github/workflows/destroy.yml')
  const [, description = ''] = /\n {6}allow:\n {8}description: (.*)\n {8}default: ''\n/.exec(form) ?? []
  for (const word of allowances.filter((word) => !['rename', 'take-over', 'no-lead'].includes(word)))
    expect(description).toContain(word)
  // Each job waits for the approvals of the environment.
  expect(read(file).match(/^ {4}environment: \$\{\{ inputs\.environment \}\}$/gm)).toHaveLength(2)
})

describe('the common area', () => {
  const file = '.github/workflows/deliver-common.yml'
  const { jobs } = readWorkflow(file)
  const steps = Object.values(jobs)
    .flatMap((job) => job.steps)
    .filter(({ uses = '' }) => uses.startsWith('$/'))

  test('is checked, then delivered in the order of a factory that begins, each step about it', () => {
    const applied = steps.map(({ uses, with: given }) => [
      uses,
      /&& '(\w+)'/.exec(String(given['mode']))?.[1],
    ])
    expect(applied).toEqual([
      ['$/actions/provision-project', 'check'],
      ...commonSteps.map(({ action, mode }) => [`$/actions/${action}`, mode]),
    ])
    for (const { uses, with: given } of steps)
      expect(given['target']).toBe(uses === '$/actions/add-member' ? undefined : 'common')
  })

  test('needs the private network for the folders of the lake alone, and leaves them out where no runner reaches it', () => {
    const text = read(file)
    const label = "fromJSON(inputs.runs-on || '{}')[inputs.environment]"
    const places = Object.keys(jobs).map((job) => text.slice(text.indexOf(`\n  ${job}:\n`)))
    expect(places.map((place) => / runs-on: \$\{\{ (.*) \}\}\n/.exec(place)?.[1])).toEqual([
      'inputs.deploy-on',
      label,
    ])
    expect(text).toContain(`    needs: common\n`)
    expect(text).toContain(`    if: \${{ ${label} && (`)
  })

  test('is delivered one after the other, and not while it is destroyed', () => {
    expect(read(file)).toMatch(
      / {4}concurrency:\n {6}group: ai-factory-\$\{\{ inputs\.environment \}\}-common\n {6}cancel-in-progress: false\n {6}queue: max\n/,
    )
  })

  test('is destroyed by its word instead of a number, plan first', () => {
    const destroying = Object.values(readWorkflow('.github/workflows/destroy-project.yml').jobs).flatMap(
      (job) => job.steps.filter(({ uses = '' }) => uses.startsWith('$/')),
    )
    expect(destroying.length).toBe(2)
    for (const { with: given } of destroying) {
      expect(given['target']).toContain("inputs.project == 'common' && 'common' || 'project'")
      expect(given['project']).toContain("inputs.project != 'common' && inputs.project || ''")
    }
  })

  test('is planned by default, and allowed only what was chosen', () => {
    const { mode, allow } = inputsOf(readWorkflow(file))
    expect(mode).toMatchObject({ default: 'plan' })
    expect(allow).toMatchObject({ default: '' })
    const form = read('workflows-templates/.github/workflows/common.yml')
    expect(form).toContain('default: plan')
    const [, description = ''] = /\n {6}allow:\n {8}description: (.*)\n {8}default: ''\n/.exec(form) ?? []
    for (const word of allowances.filter((word) => word !== 'rename')) expect(description).toContain(word)
  })
})

describe('people', () => {
  const stepOf = (file: string, job: string) => {
    const found = readWorkflow(`.github/workflows/${file}.yml`).jobs[job]
    return found?.steps.find(({ uses }) => uses === '$/actions/add-member')?.with
  }

  test('who leave are taken out by the identity for people, which waits for nobody, and only when that is said', () => {
    expect(read('.github/workflows/offboard.yml')).toMatch(
      /\n {4}environment: people-\$\{\{ matrix\.environment \}\}\n/,
    )
    const { mode, environment, remove } = stepOf('offboard', 'offboard') ?? {}
    expect(mode).toMatch(/^\$\{\{ inputs\.mode == 'apply' && 'offboard' \|\| 'plan-offboard' \}\}$/)
    expect([environment, remove].join()).toMatch(
      /^\$\{\{ matrix\.environment \}\},\$\{\{ inputs\.people \}\}$/,
    )
    const inputs = inputsOf(readWorkflow('.github/workflows/offboard.yml'))
    expect([inputs['mode'], inputs['allow']]).toMatchObject([{ default: 'plan' }, { default: '' }])
    expect(read('workflows-templates/.github/workflows/offboard.yml')).toContain('default: plan')
  })

  test('are audited by schedule, by the identity that only reads', () => {
    expect(read('.github/workflows/audit.yml')).toMatch(
      /\n {4}environment: plan-\$\{\{ matrix\.environment \}\}\n/,
    )
    expect(stepOf('audit', 'audit')).toMatchObject({ mode: 'audit' })
    expect(read('workflows-templates/.github/workflows/audit.yml')).toMatch(/schedule:\n {4}- cron: /)
  })
})
