import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { exampleRequest } from '../../demo/workspace.ts'
import { parseIssue } from '../../src/request/parse-issue.ts'
import { form } from '../request/issue.ts'

const body = readFileSync(exampleRequest, 'utf8')

describe('The request that is delivered when none is named', () => {
  test('is one that the issue form would make', () => {
    expect(parseIssue(form, body)).toEqual({
      ok: true,
      values: {
        name: 'rag-chat',
        type: 'genai-1',
        description:
          'Answers questions about our service manuals, for technicians on the road. Keeps the conversations, so that the next technician sees what was tried.',
        owner: 'anna@contoso.example',
        costCenter: '1234',
        repository: undefined,
        environments: ['dev', 'stage', 'prod'],
        services: ['cosmosDb'],
        unknownServices: [],
        teamLead: ['anna@contoso.example'],
        teamMembers: ['bo@contoso.example', 'cleo@contoso.example'],
      },
    })
  })

  test('has every field of the form, in its order, under its label', () => {
    const headings = [...body.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading)
    expect(headings).toEqual(form.fields.map(({ label }) => label))
  })
})
