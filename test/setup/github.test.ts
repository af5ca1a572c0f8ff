/** The subject that GitHub issues decides, however factory.yml spells the repository. */
import { describe, expect, test } from '@jest/globals'
import type { Repository } from '../../sandbox/github/index.ts'
import { issuerOf } from '../../src/operations/setup/ask-github.ts'
import { beforeSetup, openSettingUp, type SettingUp } from './setting-up.ts'

/** Set-up's check after the repository has become another one, with the name that factory.yml has for it. */
async function checkAfter(
  changes: Partial<Repository>,
  named = 'contoso/ai-factory',
): Promise<{ here: SettingUp; text: string }> {
  const here = await openSettingUp(undefined, beforeSetup.replace('contoso/ai-factory', named))
  Object.assign(here.sandbox.state.github.repositories[0] ?? {}, changes)
  const { text } = await here.run({ flags: ['--check'] })
  return { here, text }
}

const old = { createdAt: '2025-01-01T00:00:00Z' }

test.each<[string, Partial<Repository>, string, string]>([
  ['an old one by its name', old, 'contoso/ai-factory', 'repo:contoso/ai-factory:environment:plan-dev'],
  [
    'spelled otherwise in factory.yml',
    old,
    'Contoso/AI-Factory',
    'repo:contoso/ai-factory:environment:plan-dev',
  ],
  [
    'one that was renamed since',
    { ...old, name: 'factory', renamedAt: '2026-08-01T00:00:00Z', formerNames: ['contoso/ai-factory'] },
    'contoso/ai-factory',
    'repo:contoso@77/factory@4242:environment:plan-dev',
  ],
  [
    'one that another organisation got',
    {
      ...old,
      owner: 'fabrikam',
      ownerId: 78,
      renamedAt: '2026-08-01T00:00:00Z',
      formerNames: ['contoso/ai-factory'],
    },
    'contoso/ai-factory',
    'repo:fabrikam@78/ai-factory@4242:environment:plan-dev',
  ],
  [
    'with claims that somebody chose',
    { ...old, subject: { includeClaimKeys: ['repository_id', 'context'] } },
    'contoso/ai-factory',
    'repository_id:4242:environment:plan-dev',
  ],
])('%s', async (_what, changes, named, subject) => {
  const { text } = await checkAfter(changes, named)
  expect(text).toContain(`sign in as '${subject}'`)
})

test('the name that the repository has now is written into factory.yml', async () => {
  const { text } = await checkAfter(old, 'Contoso/AI-Factory')
  expect(text).toContain('Write into factory.yml: repository: contoso/ai-factory')
})

describe('claims are refused', () => {
  test('that differ between the workflows of one environment', async () => {
    const { text } = await checkAfter({
      ...old,
      subject: { includeClaimKeys: ['repo', 'context', 'job_workflow_ref'] },
    })
    expect(text).toContain("has been customised: 'job_workflow_ref' differs from job to job.")
    expect(text).toContain('actions/oidc/customization/sub -F use_default=true')
  })

  test('that are the same in every environment', async () => {
    const { text } = await checkAfter({ ...old, subject: { includeClaimKeys: ['repo'] } })
    expect(text).toContain('one for dev could sign in as prod')
  })
})

test('a repository that GitHub does not show ends with what to do', async () => {
  const { text } = await checkAfter(old, 'contoso/nothing')
  expect(text).toMatch(/did not return the repository 'contoso\/nothing' \(status 404\)\..*gh auth login\./)
})

test.each([
  ['https://api.github.com', 'https://token.actions.githubusercontent.com'],
  ['https://api.contoso.ghe.com', 'https://token.actions.contoso.ghe.com'],
  ['https://github.contoso.example/api/v3', 'https://github.contoso.example/_services/token'],
])('tokens of %s are issued by %s', (api, issuer) => {
  expect(issuerOf({ api })).toBe(issuer)
})
