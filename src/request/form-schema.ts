import { z } from 'zod'

const text = z.string().min(1)
const option = text.refine(
  (value) => value === value.trim() && !/[\r\n]/.test(value) && !/^none$/i.test(value),
  {
    error: 'An option is one line without spaces around it, and not the word "none".',
  },
)
const distinct = <Item>(keyOf: (item: Item) => string) => ({
  check: (items: readonly Item[]) => new Set(items.map(keyOf)).size === items.length,
  error: 'Two options are the same.',
})
const distinctTexts = distinct((item: string) => item)
const distinctLabels = distinct((item: { readonly label: string }) => item.label)
const common = { label: text, description: z.string().optional() }
const validations = z.strictObject({ required: z.boolean().optional() }).optional()
const id = z.string().regex(/^[A-Za-z0-9_-]+$/, 'An id has letters, digits, hyphens and underscores only.')

const element = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('markdown'), attributes: z.strictObject({ value: text }) }),
  z.strictObject({
    type: z.literal('input'),
    id,
    attributes: z.strictObject({
      ...common,
      placeholder: z.string().optional(),
      value: z.string().optional(),
    }),
    validations,
  }),
  z.strictObject({
    type: z.literal('textarea'),
    id,
    attributes: z.strictObject({
      ...common,
      placeholder: z.string().optional(),
      value: z.string().optional(),
      render: z.string().optional(),
    }),
    validations,
  }),
  z.strictObject({
    type: z.literal('dropdown'),
    id,
    attributes: z.strictObject({
      ...common,
      multiple: z.boolean().optional(),
      options: z.array(option).min(1).refine(distinctTexts.check, distinctTexts.error),
      default: z.int().min(0).optional(),
    }),
    validations,
  }),
  z.strictObject({
    type: z.literal('checkboxes'),
    id,
    attributes: z.strictObject({
      ...common,
      options: z
        .array(z.strictObject({ label: option, required: z.boolean().optional() }))
        .min(1)
        .refine(distinctLabels.check, distinctLabels.error),
    }),
    validations,
  }),
])
/** An element of the form. */
export type Element = z.infer<typeof element>
/** An element of the form that asks something. */
export type Question = Exclude<Element, { type: 'markdown' }>

/**
 * GitHub's syntax for issue forms, as far as a form with answers that a program reads may use it: every question has
 * an id. https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms
 */
export const formTemplate = z.strictObject({
  name: text,
  description: text,
  title: z.string().optional(),
  labels: z.union([z.string(), z.array(z.string())]).optional(),
  assignees: z.union([z.string(), z.array(z.string())]).optional(),
  projects: z.union([z.string(), z.array(z.string())]).optional(),
  type: z.string().optional(),
  body: z.array(element).min(1),
})
