import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Plan } from '../../../src/plan/model.ts'

const root = path.join(import.meta.dirname, '..', '..', '..')

/** The folder of an action, with its action.yml and its committed bundle. */
export const actionFolder = (name: string): string => path.join(root, 'actions', name)

/** A customer's repository, checked out in a folder of its own. */
export interface BootstrapRepository {
  readonly folder: string
  readonly read: (file: string) => string
  readonly write: (file: string, text: string) => void
  /** Replaces a text that occurs in a file. @throws Error when it does not */
  readonly edit: (file: string, text: string, replacement: string) => void
  readonly remove: () => void
}

/** Makes the repository that a customer begins with, together with the projects of the documentation. */
export function bootstrapRepository(): BootstrapRepository {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bootstrap-'))
  cpSync(path.join(root, 'workflows-templates'), folder, { recursive: true })
  const place = (file: string): string => path.join(folder, file)
  const read = (file: string): string => readFileSync(place(file), 'utf8')
  const write = (file: string, text: string): void => writeFileSync(place(file), text)
  return {
    folder,
    read,
    write,
    edit: (file, text, replacement) => {
      const before = read(file)
      if (!before.includes(text)) throw new Error(`'${file}' does not hold '${text}'.`)
      write(
        file,
        before.replace(text, () => replacement),
      )
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Where the manifest of a project is. */
export const manifestOf = (project: string): string => `aifactory/projects/prj${project}.yml`

/** The plan that a run wrote. */
export const readPlan = ({ outputs }: { readonly outputs: Readonly<Record<string, string>> }): Plan =>
  JSON.parse(readFileSync(outputs['plan-file'] ?? '', 'utf8'))
