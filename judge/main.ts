// npm run judge -- [--if-possible] [SUBJECT …]
// Runs the Azure CLI and Microsoft's Python packages on the sandbox, and compares each outcome with Azure's. Exit code 1
// when one is wrong; also when nothing could be judged, unless --if-possible says that this may be.
import { parseArgs } from 'node:util'
import { readSubjects, type Subject } from './case-file.ts'
import { judgeSubjects } from './court.ts'
import { preparePython } from './python.ts'
import { lineOf, tableOf } from './report.ts'
import type { Judged } from './run-subject.ts'

const { values: flags, positionals } = parseArgs({
  options: { 'if-possible': { type: 'boolean', default: false } },
  allowPositionals: true,
})

/** Those that are named, by the beginning of their title; all when none is. */
function chosen(subjects: readonly Subject[]): readonly Subject[] {
  const names = positionals.map((name) => name.toLowerCase())
  const named = ({ subject }: Subject) => names.some((name) => subject.toLowerCase().startsWith(name))
  return names.length === 0 ? subjects : subjects.filter(named)
}

async function judge(python: string): Promise<void> {
  const all: Judged[] = []
  await judgeSubjects(chosen(readSubjects()), python, (judged) => {
    all.push(judged)
    console.log(lineOf(judged))
  })
  console.log(`\n${tableOf(all)}`)
  if (all.length === 0 || all.some(({ verdict }) => verdict === 'wrong')) process.exitCode = 1
}

const prepared = preparePython(console.error)
if ('python' in prepared) await judge(prepared.python)
else {
  console.error(`Nothing was judged. ${prepared.missing}`)
  process.exitCode = flags['if-possible'] ? 0 : 1
}
