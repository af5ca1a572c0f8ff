import { UserError } from '../../src/diagnostics/user-error.ts'
import type { RequestOptions } from '../../src/operations/request/request-project.ts'
import { permissions } from '../../src/request/authorise.ts'
import { isLogin } from '../../src/request/existing-projects.ts'
import type { InputReader } from '../../src/runtime/inputs.ts'
import type { PublishOptions } from '../../src/runtime/publish.ts'

const minimumPermissions = permissions.filter((permission) => permission !== 'none')

/** Reads and checks them. @throws UserError that names the input */
export const readInputs = (read: InputReader): RequestOptions & PublishOptions => ({
  mode: read.choice('mode', ['plan', 'apply'], 'plan'),
  issueBody: read.optional('issue-body'),
  issueNumber: numberOf(read),
  issueAuthor: authorOf(read),
  formFile: read.optional('form-file') ?? '.github/ISSUE_TEMPLATE/new-project.yml',
  factoryFile: read.optional('factory-file') ?? 'aifactory/factory.yml',
  projectsDirectory: read.optional('projects-directory') ?? 'aifactory/projects',
  takenNumbers: takenNumbersOf(read),
  expectedHash:
    read.optional('expected-hash') === undefined
      ? undefined
      : read.matching('expected-hash', /^[0-9a-f]{64}$/, "the output 'request-hash' of an earlier run"),
  minimumPermission: read.choice('minimum-permission', minimumPermissions, 'read'),
  token: read.optional('token'),
  summary: read.boolean('summary', true),
})

const numberOf = (read: InputReader): number | undefined =>
  read.optional('issue-number') === undefined
    ? undefined
    : Number(read.matching('issue-number', /^[1-9][0-9]{0,9}$/, 'the number of an issue'))

function takenNumbersOf(read: InputReader): readonly string[] {
  const numbers = read.list('taken-numbers')
  if (numbers.every((number) => /^[0-9]{3}$/.test(number))) return numbers
  throw new UserError({
    what: "Input 'taken-numbers' holds something that is not the number of a project.",
    fix: 'Use three digits each, such as 001, one per line or separated by commas.',
  })
}

function authorOf(read: InputReader): string | undefined {
  const author = read.optional('issue-author')
  if (author === undefined || isLogin(author)) return author
  throw new UserError({
    what: "Input 'issue-author' is not the login of a GitHub user.",
    fix: "Leave it out, or pass 'github.event.issue.user.login'.",
  })
}
