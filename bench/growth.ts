// How the time to read hostile or very large documents grows with their size. Twice the size should take about twice
// the time; a ratio near four is quadratic, and worse is a way to keep a runner busy.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { loadFactory } from '../src/manifest/load.ts'
import { readExistingSubnets, readSubnetSpecs } from '../src/network/inputs.ts'
import { parseForm } from '../src/request/form.ts'
import { parseIssue } from '../src/request/parse-issue.ts'

const templates = path.join(import.meta.dirname, '..', 'workflows-templates')
const factory = readFileSync(path.join(templates, 'aifactory', 'factory.yml'), 'utf8')
const formFile = path.join(templates, '.github', 'ISSUE_TEMPLATE', 'new-project.yml')
const form = parseForm(readFileSync(formFile, 'utf8'), formFile)
const request = readFileSync(path.join(import.meta.dirname, '..', 'demo', 'example-request.md'), 'utf8')

const intoDescription = (text: string): void => {
  parseIssue(
    form,
    request.replace(/(### What is it for\?\s+)[^\n]*/, (_, heading: string) => heading + text),
  )
}

/** About so many characters of text, made of pieces that differ by a number. */
const numbered = (size: number, piece: (index: number) => string): string =>
  Array.from({ length: size / piece(0).length }, (_, index) => piece(index)).join('')

/** Each makes a document of `size` and reads it. */
const hostile: Readonly<Record<string, (size: number) => void>> = {
  'unknown keys in factory.yml': (size) => {
    const keys = Array.from({ length: size / 10 }, (_, index) => `key${index}: 1\n`)
    loadFactory(factory + keys.join(''), 'factory.yml')
  },
  'spaces after a heading sign': (size) => intoDescription(`# ${' '.repeat(size)}x`),
  'heading signs': (size) => intoDescription(`# ${'#'.repeat(size)}x`),
  backticks: (size) => intoDescription(`${'`'.repeat(size)}x\``),
  'angle brackets': (size) => intoDescription('<'.repeat(size)),
  headings: (size) => intoDescription('# x\n'.repeat(size / 4)),
  'invisible characters': (size) => intoDescription('\u200b\n'.repeat(size / 2)),
  'existing subnets': (size) => {
    readExistingSubnets(
      'existing-subnets',
      numbered(size, (index) => `subnet${index} 10.0.0.0/24\n`),
    )
  },
  'keys of an existing subnet': (size) => {
    const keys = numbered(size, (index) => `"key${index}": 1, `)
    readExistingSubnets('existing-subnets', `[{${keys} "name": "a", "addressPrefix": "10.0.0.0/24"}]`)
  },
  'wanted subnets': (size) => {
    readSubnetSpecs(
      'subnets',
      numbered(size, (index) => `- { name: n${index}, addresses: 9 }\n`),
    )
  },
}

function bestMilliseconds(work: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return Math.min(...times)
}

const size = 30_000
console.log(`\nGrowth from ${size} to ${2 * size} characters:`)
for (const [name, read] of Object.entries(hostile)) {
  read(size)
  const [once, twice] = [bestMilliseconds(() => read(size)), bestMilliseconds(() => read(2 * size))]
  console.log(
    `${name.padEnd(30)} x ${(twice / once).toFixed(1)}   (${once.toFixed(1)} ms, ${twice.toFixed(1)} ms)`,
  )
}
