import { describe, expect, test } from '@jest/globals'
import { checkOwners, type OwnershipEvidence } from './ownership.ts'

const owner = { factory: 'mrvel-001', project: '001', environment: 'dev' }
const own = { name: 'genai-nsg', tags: { ...owner, costCenter: '1' } }
const untagged = { name: 'genai-nsg', tags: { Owner: 'network team' } }
const used = { inUse: true }
const empty = { inUse: false }

const check = (evidence: Partial<OwnershipEvidence>): readonly string[] =>
  checkOwners([{ name: 'snt-prj001-genai', subnet: undefined, groups: [], ...evidence }], owner)

describe("the project's own", () => {
  test.each<[string, Partial<OwnershipEvidence>]>([
    ['nothing exists yet', {}],
    ['a run died after the network security group was made', { groups: [own] }],
    ['the subnet is there and in use', { subnet: used, groups: [own] }],
    [
      'a tag is spelt with another case',
      { subnet: used, groups: [{ ...own, tags: { Factory: 'mrvel-001', PROJECT: '001' } }] },
    ],
    ['a policy put another network security group at the subnet', { subnet: used, groups: [untagged, own] }],
  ])('%s', (_what, evidence) => {
    expect(check(evidence)).toEqual([])
  })
})

describe("another's is refused, in use or not", () => {
  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['another factory', { ...owner, factory: 'other-001' }, 'project 001 of factory other-001 in dev'],
    ['another instance', { ...owner, factory: 'mrvel-002' }, 'project 001 of factory mrvel-002 in dev'],
    ['another project', { ...owner, project: '002' }, 'project 002 of factory mrvel-001 in dev'],
    ['another environment', { ...owner, environment: 'stage' }, 'project 001 of factory mrvel-001 in stage'],
    ['a factory that says no project', { factory: 'other-001' }, 'project (unknown) of factory other-001'],
  ])('%s', (_what, tags, whose) => {
    for (const subnet of [used, empty, undefined]) {
      expect(() => check({ subnet, groups: [{ name: 'genai-nsg', tags }] })).toThrow(
        `Subnet 'snt-prj001-genai' belongs to ${whose}, not to project 001 of factory mrvel-001 in dev, according to the tags of network security group 'genai-nsg'.`,
      )
    }
  })

  test('also when only the group that is to be written is', () => {
    const other = { name: 'x', tags: { ...owner, factory: 'other-001' } }
    expect(() => check({ subnet: used, groups: [own, other] })).toThrow(
      'belongs to project 001 of factory other-001',
    )
  })

  test('and the message says what to do', () => {
    expect(() => check({ groups: [{ name: 'x', tags: { ...owner, project: '002' } }] })).toThrow(
      'To keep both, give this project another number, or this factory a VNet of its own. If the tags are wrong, set them to factory=mrvel-001, project=001, environment=dev.',
    )
  })
})

describe('without evidence', () => {
  test.each<[string, Partial<OwnershipEvidence>, string]>([
    [
      'an empty subnet without a network security group is taken over',
      { subnet: empty },
      "Subnet 'snt-prj001-genai' exists without a known owner. It has no network security group. It is empty, so the project takes it over.",
    ],
    [
      'an empty subnet whose network security group has no tags is taken over',
      { subnet: empty, groups: [untagged] },
      "Subnet 'snt-prj001-genai' exists without a known owner. Network security group 'genai-nsg' has no owner tags. It is empty, so the project takes it over.",
    ],
    [
      'a network security group is taken over',
      { groups: [untagged] },
      "Network security group 'genai-nsg' exists without owner tags. It will be used for subnet 'snt-prj001-genai'.",
    ],
  ])('%s, with a warning', (_what, evidence, warning) => {
    expect(check(evidence)).toEqual([warning])
  })

  test.each<[string, OwnershipEvidence['groups']]>([
    ['no network security group', []],
    ['one without tags', [untagged]],
    ['one whose tags of these names are of another kind', [{ name: 'x', tags: { project: 'Atlas' } }]],
  ])('a subnet in use is refused: %s', (_what, groups) => {
    expect(() => check({ subnet: used, groups })).toThrow(
      /is in use, but nothing shows that it belongs to project 001 of factory mrvel-001 in dev\..*If it belongs to this project, set the tags factory=mrvel-001, project=001, environment=dev on its network security group and run again\./,
    )
  })
})
