import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { readProject } from '../../src/operations/project.ts'
import { exampleText, smallest } from '../manifest/examples.ts'

let folder = ''
const factoryFile = (): string => path.join(folder, 'factory.yml')
const manifestFile = (number: string): string => path.join(folder, 'projects', `prj${number}.yml`)
const write = (number: string, name: string): void =>
  writeFileSync(manifestFile(number), smallest.replace('007', number).replace('small', name))
const read = (number: string) =>
  readProject({ factoryFile: factoryFile(), project: number, environment: 'dev', azureCloud: 'AzureCloud' })

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'taken-name-'))
  mkdirSync(path.join(folder, 'projects'))
  writeFileSync(factoryFile(), exampleText('factory.yml'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('of two manifests with one name the one with the higher number is refused at its name', () => {
  write('007', 'rag-chat')
  write('008', 'rag-chat')
  expect(() => read('008')).toThrow(
    `${manifestFile('008')}:3:1: The name 'rag-chat' is that of project 007 already. ${manifestFile('007')} has it, and a name is unique in the factory. Give this project another name.`,
  )
})

test('the one with the lower number is not stopped by a copy', () => {
  write('007', 'rag-chat')
  write('008', 'rag-chat')
  expect(read('007').project.name).toBe('rag-chat')
})

test('another name that only contains it is another name', () => {
  write('007', 'rag-chat-two')
  write('008', 'rag-chat')
  expect(read('008').project.name).toBe('rag-chat')
})

test('the manifests of others may be anything: their faults are not this project’s', () => {
  writeFileSync(manifestFile('001'), 'name: rag-chat: [')
  writeFileSync(manifestFile('002'), 'x'.repeat(1_000_001))
  symlinkSync('/dev/zero', manifestFile('003'))
  mkdirSync(manifestFile('004'))
  write('008', 'rag-chat')
  expect(read('008').project.name).toBe('rag-chat')
})
