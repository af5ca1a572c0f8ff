import type { Case } from './case-file.ts'
import type { Judged } from './run-subject.ts'
import type { Verdict } from './verdict.ts'

const verdicts: readonly Verdict[] = ['as Azure', 'absent', 'wrong']

/** What a case asks, as somebody would type it. */
function question(one: Case): string {
  if ('az' in one) return `az ${[one.az].flat().join(' ')}`
  if ('http' in one) return one.http
  return one.python.map((step) => (typeof step === 'string' ? step : callOf(step))).join('.')
}

const callOf = (step: Readonly<Record<string, unknown>>): string =>
  Object.entries(step)
    .map(([method, given]) => `${method}(${JSON.stringify(given).slice(1, -1)})`)
    .join('.')

/** One line for a case; when it is wrong, what was asked, and what is wrong with the answer. */
export function lineOf({ subject, judged, verdict, faults, seconds }: Judged): string {
  const line = `${verdict.padEnd(8)}  ${subject} › ${judged.name} (${seconds.toFixed(1)} s)`
  if (verdict === 'absent') return `${line}: ${judged.absent}`
  if (verdict === 'as Azure') return line
  const detail = [question(judged), ...faults].map((text) => shortened(text).replaceAll(/^/gm, '          '))
  return [line, ...detail].join('\n')
}

const longest = 1500

const shortened = (text: string): string => (text.length > longest ? `${text.slice(0, longest)} …` : text)

/** The counts by subject, and their sum. */
export function tableOf(all: readonly Judged[]): string {
  const subjects = [...new Set(all.map(({ subject }) => subject))].sort()
  const count = (of: readonly Judged[], verdict: Verdict) =>
    of.filter((one) => one.verdict === verdict).length
  const row = (title: string, of: readonly Judged[]) => [
    title,
    ...verdicts.map((verdict) => String(count(of, verdict))),
  ]
  const rows = [
    ['', 'as Azure', 'absent and said so', 'wrong'],
    ...subjects.map((subject) =>
      row(
        subject,
        all.filter((one) => one.subject === subject),
      ),
    ),
    row('Together', all),
  ]
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? []
  const shown = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd : cell.padStart).call(cell, widths[column] ?? 0))
  return rows.map((cells) => shown(cells).join('  ').trimEnd()).join('\n')
}
