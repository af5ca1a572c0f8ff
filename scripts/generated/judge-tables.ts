// What PARITY.md says of the judges, from their cases.
import type { Case, Subject } from '../../judge/case-file.ts'

/** How many cases each subject has, by the tool that asks. */
export function judgeTable(subjects: readonly Subject[]): string {
  const header = [
    'Subject',
    'Commands of the Azure CLI',
    'Calls of Python packages',
    'Requests',
    'Of these absent',
  ]
  const tools = ['az', 'python', 'http']
  const row = (title: string, cases: readonly Case[]) => [
    title,
    ...tools.map((tool) => cases.filter((one) => tool in one).length),
    cases.filter(({ absent }) => absent !== undefined).length,
  ]
  const rows = [
    ...subjects
      .map(({ subject, cases }) => row(subject, cases))
      .sort(([left], [right]) => (String(left) < String(right) ? -1 : 1)),
    row(
      'Together',
      subjects.flatMap(({ cases }) => cases),
    ),
  ]
  return [header, ['---', ...header.slice(1).map(() => '---:')], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

/** What the judges ask for and the sandbox says that it does not have. */
export function absentList(subjects: readonly Subject[]): string {
  return subjects
    .flatMap(({ subject, cases }) =>
      cases
        .filter(({ absent }) => absent !== undefined)
        .map(({ name, absent }) => `- ${absent} (\`judge › ${subject}/${name}\`)`),
    )
    .join('\n')
}
