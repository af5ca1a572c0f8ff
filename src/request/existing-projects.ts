import { textAt } from '../manifest/reading.ts'
import { githubLoginPattern } from '../manifest/values.ts'
import { readYaml } from '../manifest/yaml-document.ts'

/** An issue, and who wrote it. */
export interface RequestIssue {
  readonly number: number
  /** GitHub login. */
  readonly author: string
}

/** What is known of a project that has a manifest. */
export interface ExistingProject {
  readonly file: string
  /** Three digits, as the file is called. */
  readonly number: string
  /** Absent when the manifest is no YAML. */
  readonly name?: string
  /** The issue it was made from. */
  readonly request?: RequestIssue
  readonly text: string
}

/** Logins of apps end with `[bot]`. */
const loginForm = `${githubLoginPattern}(?:\\[bot\\])?`
const login = new RegExp(`^${loginForm}$`)
const requestLine = new RegExp(`^# Requested by @(?<author>${loginForm}) in #(?<number>[1-9][0-9]{0,9})$`)

/** Is this the login of a GitHub user or app? */
export const isLogin = (text: string): boolean => login.test(text)

/** The line of a manifest that says who requested the project, and where. */
const formatRequest = ({ author, number }: RequestIssue): string => `# Requested by @${author} in #${number}`

/** The comments above the first key of a manifest. */
function leadingComments(text: string): readonly string[] {
  const lines = text.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('#'))
  return end === -1 ? lines : lines.slice(0, end)
}

/** The manifest with a line below its leading comments that says who asked. */
export function withRequest(manifest: string, issue: RequestIssue): string {
  const comments = leadingComments(manifest)
  const rest = manifest.split('\n').slice(comments.length)
  return [...comments, formatRequest(issue), ...rest].join('\n')
}

/**
 * What a manifest says of itself, however much of it is wrong: its faults are for others to report.
 * @param file Named `prjNNN.yml`
 */
export function readExisting(file: string, text: string): ExistingProject | undefined {
  const number = /(?:^|[/\\])prj(?<number>\d{3})\.ya?ml$/.exec(file)?.groups?.['number']
  if (number === undefined) return undefined
  const request = leadingComments(text)
    .map((line) => requestLine.exec(line.trimEnd())?.groups)
    .find((groups) => groups !== undefined)
  const name = textAt(readYaml(text, file).value, ['name'])
  return {
    file,
    number,
    text,
    ...(name === undefined ? {} : { name }),
    ...(request === undefined
      ? {}
      : { request: { author: request['author'] ?? '', number: Number(request['number']) } }),
  }
}

/**
 * The number of a new project: one more than the highest that a project has or ever had. Only when 999 is taken, the
 * lowest that is free. Undefined when none is.
 * @param former Numbers of projects whose manifests are gone. Their storage, vault and lake folder may still be in
 *   Azure under names made of the number, so that the next project of this number would find itself among them.
 */
export function nextNumber(
  existing: readonly ExistingProject[],
  former: readonly string[] = [],
): string | undefined {
  const taken = new Set([...existing.map(({ number }) => number), ...former].map(Number))
  const above = Math.max(0, ...taken) + 1
  const candidates = [above, ...Array.from({ length: 999 }, (_, index) => index + 1)]
  const free = candidates.find((number) => number <= 999 && !taken.has(number))
  return free === undefined ? undefined : String(free).padStart(3, '0')
}
