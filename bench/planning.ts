// Planning the subnets of one project, side by side with the append-only method and with what libraries offer: these
// only list what is free, which is the first step of a plan. Then how many projects fit, and how the time grows.
import { excludeCidr } from 'cidr-tools'
import { exclude } from 'fast-cidr-tools'
import { cidr } from '../src/cidr.ts'
import type { PlanRequest } from '../src/network/planner/placement.ts'
import { planSubnets } from '../src/network/planner/planner.ts'
import { ipv4Networks } from '../src/network/vnet.ts'
import { appendOnly } from './append-only.ts'
import { projectsIn, projectsUntilFull } from './packing.ts'
import { catalogueProject, knownProject } from './projects.ts'
import { texts, type VnetInUse, vnetInUse } from './vnets.ts'

const all = knownProject('all')

const plan = ({ prefix, taken }: VnetInUse, requests: readonly PlanRequest[]) =>
  planSubnets({ prefixes: [prefix], taken, reserved: [], requests })

/** The median time in milliseconds, after some rounds that warm up. */
function medianMilliseconds(work: () => unknown, rounds: number): number {
  for (let round = 0; round < Math.ceil(rounds / 3); round += 1) work()
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN
}

const figure = (milliseconds: number): string => milliseconds.toFixed(milliseconds < 10 ? 2 : 0)

/** Prints rows under a heading, each column as wide as its widest cell. */
function print(heading: string, rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
  console.log(`\n${heading}\n${rows.map(line).join('\n')}`)
}

const vnets = [
  ['10.0.0.0/16', 50],
  ['10.0.0.0/16', 287],
  ['10.0.0.0/12', 1000],
  ['10.0.0.0/8', 3000],
] as const

function speed(): void {
  const rows = vnets.map(([prefix, count]) => {
    const vnet = vnetInUse(prefix, count)
    const [networks, base] = [texts(vnet.taken), [prefix]]
    const ours = medianMilliseconds(() => plan(vnet, all), 61)
    const read = medianMilliseconds(
      () => plan({ prefix: cidr(prefix), taken: ipv4Networks(networks) }, all),
      61,
    )
    const tools = medianMilliseconds(() => excludeCidr(base, networks), 31)
    const fast = medianMilliseconds(() => exclude(base, networks), 7)
    const appended = medianMilliseconds(() => appendOnly([vnet.prefix], vnet.taken, all), 7)
    const answer = appendOnly([vnet.prefix], vnet.taken, all)
    const found = answer.kind === 'answer' ? answer.subnets.size : 0
    return [
      `${count} in ${prefix}`,
      figure(ours),
      figure(read),
      ...[tools, fast, appended].flatMap((other) => [figure(other), `x ${(other / read).toFixed(1)}`]),
      `${found} of ${all.length}`,
    ]
  })
  const heading = [
    'subnets',
    'plan',
    'read+plan',
    'cidr-tools',
    '',
    'fast-cidr-tools',
    '',
    'append-only',
    '',
    'placed',
  ]
  print(
    'Planning one project of type all (8 subnets), median milliseconds; x: against read+plan.\nThe two libraries only list what is free; append-only leaves out what it finds no place for.',
    [heading, ...rows],
  )
}

function packing(): void {
  const projects: readonly (readonly [string, readonly PlanRequest[]])[] = [
    ['all, known sizes', all],
    ['genai-1, known sizes', knownProject('genai-1')],
    ...(['standard', 'compact'] as const).flatMap((profile) =>
      (['all', 'genai-1', 'esml'] as const).map(
        (type) => [`${type}, ${profile}`, catalogueProject(type, profile)] as const,
      ),
    ),
  ]
  const rows = projects.map(([name, requests]) => [
    name,
    ...['10.0.0.0/16', '10.0.0.0/20'].flatMap((prefix) => [
      String(projectsIn(prefix, requests, 'planned')),
      String(projectsIn(prefix, requests, 'appended')),
    ]),
  ])
  const heading = ['type, sizes', '/16', 'append-only', '/20', 'append-only']
  print('Projects that fit a VNet whose first /24 is in use', [heading, ...rows])
}

function churn(): void {
  const most = 500
  const rows = (['all', 'genai-1'] as const).map((type) => {
    const taken = (['planned', 'appended'] as const).map((method) => {
      const count = projectsUntilFull('10.0.0.0/16', knownProject(type), method, most)
      return count === most ? `no stop in ${most}` : `stops after ${count}`
    })
    return [`${type}, known sizes`, ...taken]
  })
  print('Twenty projects live in a /16; retire the oldest, add one', [
    ['type', 'plan', 'append-only'],
    ...rows,
  ])
}

function growth(): void {
  const counts = [250, 500, 1000, 2000, 4000]
  const times = counts.map((count) => {
    const vnet = vnetInUse('10.0.0.0/8', count)
    return medianMilliseconds(() => plan(vnet, all), 61)
  })
  const rows = counts.map((count, index) => {
    const [time = Number.NaN, before] = [times[index], times[index - 1]]
    const half = count / 2
    const expected = (count * Math.log2(count)) / (half * Math.log2(half))
    const ratio =
      before === undefined ? ['', ''] : [`x ${(time / before).toFixed(2)}`, `x ${expected.toFixed(2)}`]
    return [String(count), time.toFixed(3), ...ratio]
  })
  print('Growth of one plan with the number of subnets in a /8 (Azure allows 3,000)', [
    ['subnets', 'ms', 'twice as many', 'n log n'],
    ...rows,
  ])
}

speed()
packing()
churn()
growth()
