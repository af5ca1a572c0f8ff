import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const root = path.join(import.meta.dirname, '..', '..')

/** The text of a file of this repository. */
export const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')

/** Files of this repository, sorted. */
export const find = (...patterns: readonly string[]): readonly string[] =>
  globSync([...patterns], { cwd: root, exclude: (name) => name === 'node_modules' || name === 'dist' }).sort()

const texts = z.record(z.string(), z.string())
const scalar = z.union([z.string(), z.number(), z.boolean()])
const declared = z.record(
  z.string(),
  z.object({ description: z.string().min(10), default: scalar.optional(), required: z.boolean().optional() }),
)

const actionSchema = z.object({
  inputs: declared,
  outputs: z.record(z.string(), z.object({ description: z.string().min(10) })),
  runs: z.object({ using: z.string(), main: z.string() }),
})

const stepSchema = z.object({
  id: z.string().default(''),
  if: z.string().default(''),
  name: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), scalar).default({}),
  env: z.record(z.string(), scalar).default({}),
})

const workflowSchema = z.object({
  on: z.unknown(),
  permissions: z.unknown(),
  jobs: z.record(
    z.string(),
    z.object({
      permissions: texts.optional(),
      if: z.string().default(''),
      'runs-on': z.string().default(''),
      uses: z.string().optional(),
      with: z.record(z.string(), scalar).default({}),
      steps: z.array(stepSchema).default([]),
    }),
  ),
})

/** An action's action.yml. */
export type ActionDocument = z.infer<typeof actionSchema>
/** A workflow. */
export type WorkflowDocument = z.infer<typeof workflowSchema>

/** Reads an action.yml. @throws ZodError when an input or output has no description */
export const readAction = (file: string): ActionDocument => actionSchema.parse(parse(read(file)))

/** Reads a workflow. */
export const readWorkflow = (file: string): WorkflowDocument => workflowSchema.parse(parse(read(file)))

/** The inputs of a reusable workflow; none when it cannot be called. */
export function inputsOf({
  on,
}: WorkflowDocument): Readonly<Record<string, { required?: boolean | undefined }>> {
  const call = z.object({ workflow_call: z.object({ inputs: declared.default({}) }) }).safeParse(on)
  return call.success ? call.data.workflow_call.inputs : {}
}

/** The workflows of this repository, and those a bootstrap repository starts from. */
export const workflowFiles = find('.github/workflows/*.yml', 'workflows-templates/.github/workflows/*.yml')

/** Examples in Markdown: the YAML between fences. */
export const examples = find(
  '*.md',
  'docs/**/*.md',
  'actions/*/README.md',
  'workflows-templates/**/*.md',
  'sandbox/*.md',
).flatMap((file) => [...read(file).matchAll(/```ya?ml\n(.*?)```/gs)].map(([, text = '']) => ({ file, text })))
