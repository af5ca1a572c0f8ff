import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseForm } from '../../src/request/form.ts'

const formFile = 'workflows-templates/.github/ISSUE_TEMPLATE/new-project.yml'

/** The issue form as bootstrap repositories get it. */
export const formText = readFileSync(path.join(import.meta.dirname, '..', '..', formFile), 'utf8')
export const form = parseForm(formText, formFile)

/** What a person types or ticks, by field id. */
export const answers = {
  name: 'rag-chat',
  type: 'AI applications and agents (genai-1)',
  description: 'Answers questions about service manuals.',
  owner: 'anna@contoso.example',
  'cost-center': '1234',
  repository: 'contoso/rag-chat',
  environments: '- [X] Dev\n- [X] Stage\n- [ ] Prod',
  services: [
    '- [ ] Azure AI Foundry (language models and agents)',
    '- [X] Azure AI Search (find the right passages in your own documents)',
    '- [x] Azure Cosmos DB (database for conversations and documents)',
    '- [ ] Azure Machine Learning (train and run your own models)',
  ].join('\n'),
  'team-lead': 'anna@contoso.example',
  'team-members': 'bo@contoso.example\n44444444-4444-4444-4444-444444444444',
}
export type Answers = typeof answers

/** The body that GitHub makes of these answers. */
export function issueBody(changed: Partial<Answers> = {}): string {
  const given: Record<string, string> = { ...answers, ...changed }
  return form.fields
    .map(({ id, label }) => `### ${label}\n\n${given[id] === '' ? '_No response_' : given[id]}`)
    .join('\n\n')
}
