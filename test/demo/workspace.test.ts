import { mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { issueNumber, prepareWorkspace } from '../../demo/workspace.ts'

describe('The issues of a demonstration', () => {
  test('are as many as files were delivered, so that another file is another project', () => {
    const workspace = prepareWorkspace(mkdtempSync(path.join(os.tmpdir(), 'workspace-')), 'subscriptions')
    const numbers = ['one.md', 'two.md', './one.md', path.resolve('two.md')].map((file) =>
      issueNumber(workspace, file),
    )
    expect(numbers).toEqual([1, 2, 1, 2])
  })
})
