import { describe, expect, test } from '@jest/globals'
import { documentWarnings } from '../../src/manifest/warnings.ts'
import type { Environment } from '../../src/vocabulary.ts'
import { exampleFactory, project, smallest } from './examples.ts'

const factory = exampleFactory()
const withoutStage = exampleFactory((text) => text.replace(/^ {2}stage:\n(?: {4}.*\n)+/m, ''))

const warnings = (environments: string, environment: Environment, of = factory): readonly string[] =>
  documentWarnings(of, project(`${smallest}${environments}`, of), environment)

describe('an environment without those before it', () => {
  test('is named where the project names it', () => {
    expect(warnings('environments: { dev: {}, prod: {} }\n', 'prod')).toEqual([
      'project.yml:6:26: Project 007 goes to prod without having been in stage.',
    ])
    expect(warnings('environments:\n  prod: {}\n', 'prod')).toEqual([
      'project.yml:7:3: Project 007 goes to prod without having been in dev and stage.',
    ])
    expect(warnings('environments: { stage: {} }\n', 'stage')).toEqual([
      'project.yml:6:17: Project 007 goes to stage without having been in dev.',
    ])
  })

  test('is named where the factory lacks them', () => {
    expect(warnings('', 'prod', withoutStage)).toEqual([
      expect.stringMatching(
        /^aifactory\/factory\.yml:\d+:3: Project 007 goes to prod without having been in stage, which this factory does not have\.$/,
      ),
    ])
  })

  test.each<[string, Environment]>([
    ['', 'prod'],
    ['', 'dev'],
    ['environments: { dev: {} }\n', 'dev'],
    ['environments: { dev: {}, stage: {} }\n', 'stage'],
    ['environments: { dev: {}, prod: {} }\n', 'dev'],
  ])('is not that of %j in %s', (environments, environment) => {
    expect(warnings(environments, environment)).toEqual([])
  })
})

test('a region that this release does not know is left to Azure', () => {
  const elsewhere = exampleFactory((text) => text.replace(/^location: .*$/m, 'location: saudiarabiaeast'))
  expect(warnings('', 'dev', elsewhere)).toEqual([
    expect.stringMatching(
      /^aifactory\/factory\.yml:\d+:1: This release does not know the region 'saudiarabiaeast'\. Azure will say whether it exists\.$/,
    ),
  ])
})
