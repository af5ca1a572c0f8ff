import { expect, test } from '@jest/globals'
import { appendOnly } from '../../bench/append-only.ts'
import { projectsIn, projectsUntilFull } from '../../bench/packing.ts'
import { knownProject } from '../../bench/projects.ts'
import { cidr, formatCidr } from '../../src/cidr.ts'

// What the planner is measured against must be as good as the real thing. Its addresses are known from a simulation.
const appended = (prefix: string, taken: readonly string[], type: 'all' | 'genai-1') => {
  const answer = appendOnly([cidr(prefix)], taken.map(cidr), knownProject(type))
  if (answer.kind === 'endless') throw new Error('It would never end.')
  return Object.fromEntries([...answer.subnets].map(([key, network]) => [key, formatCidr(network)]))
}

test('The append-only method puts a project behind the common subnets', () => {
  const common = ['172.16.61.0/26', '172.16.61.64/26', '172.16.61.128/26', '172.16.61.192/26']
  expect(appended('172.16.0.0/16', common, 'all')).toEqual({
    aca: '172.16.62.0/23',
    aca2: '172.16.64.0/23',
    aks2: '172.16.66.0/24',
    genai: '172.16.67.0/25',
    aks: '172.16.67.128/26',
    dbxpub: '172.16.67.192/26',
    dbxpriv: '172.16.68.0/26',
    webapp: '172.16.68.64/27',
  })
  expect(appended('172.16.0.0/16', common, 'genai-1')).toEqual({
    aca: '172.16.62.0/23',
    genai: '172.16.64.0/25',
    aks: '172.16.64.128/26',
    webapp: '172.16.64.192/27',
  })
})

test('The append-only method places one subnet of eight in a /22', () => {
  expect(appended('10.0.0.0/22', ['10.0.0.0/26'], 'all')).toEqual({ aca: '10.0.2.0/23' })
})

test.each([
  ['all', '10.0.0.0/16', 40, 31],
  ['genai-1', '10.0.0.0/16', 88, 63],
  ['all', '10.0.0.0/20', 2, 1],
  ['genai-1', '10.0.0.0/20', 5, 3],
] as const)(
  'Projects of type %s in a %s whose first /24 is in use: %i planned, %i appended',
  (type, prefix, planned, behind) => {
    expect(projectsIn(prefix, knownProject(type), 'planned')).toBe(planned)
    expect(projectsIn(prefix, knownProject(type), 'appended')).toBe(behind)
  },
)

test('With twenty projects that come and go, planning does not stop where appending does', () => {
  const all = knownProject('all')
  expect(projectsUntilFull('10.0.0.0/16', all, 'appended', 100)).toBe(31)
  expect(projectsUntilFull('10.0.0.0/16', all, 'planned', 100)).toBe(100)
})
