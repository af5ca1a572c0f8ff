import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const json = z.json()
/** An attribute's name, or a call: `{ method: arguments }`. */
const step = z.union([z.string(), z.record(z.string(), json)])

const expectation = z.strictObject({
  /** Exit code of a command. Default: 0 when no error is expected, any other when one is. */
  exit: z.int().optional(),
  /** HTTP status, where the tool shows it. */
  status: z.union([z.int(), z.array(z.int())]).optional(),
  /** Azure's error code. */
  error: z.string().optional(),
  /** Part of what the tool prints, or of the error's message. */
  message: z.string().optional(),
  /** Part of the output: named properties, named items of lists in any order. `null` is also met by what is not there. */
  output: json.optional(),
  /** What JMESPath expressions find in the output. */
  holds: z.record(z.string(), json).optional(),
  /** Response headers: their value, or whether they are there. */
  headers: z.record(z.string(), z.union([z.string(), z.boolean()])).optional(),
})

const common = {
  name: z.string().min(3),
  /** Who asks: one of the subject's identities. Default: the owner of the subscriptions. */
  as: z.string().optional(),
  /** Files that the command reads from its folder. */
  files: z.record(z.string(), json).optional(),
  expect: expectation.default({}),
  /** Values for later cases, by JMESPath. */
  save: z.record(z.string(), z.string()).optional(),
  /** Where Azure's behaviour is written, when it does not go without saying. */
  see: z.url({ protocol: /^https$/ }).optional(),
  /** What the sandbox does not have: `expect` is then its honest answer. */
  absent: z.string().optional(),
  /** Azure does this later: ask again for so many seconds. */
  within: z.int().optional(),
}

const command = z.strictObject({ ...common, az: z.union([z.string(), z.array(z.string())]) })
const call = z.strictObject({
  ...common,
  python: z.tuple([z.string()], step),
  account: z.string().optional(),
})
const request = z.strictObject({
  ...common,
  http: z.string().regex(/^(GET|HEAD|PUT|POST|PATCH|DELETE) (\/|\$\{)/),
  headers: z.record(z.string(), z.string()).optional(),
  body: json.optional(),
  anonymous: z.boolean().optional(),
})

const subject = z.strictObject({
  subject: z.string().min(2),
  /** Applications besides the owner, without any right at first. `${NAME.objectId}`, `${NAME.appId}` stand for them. */
  identities: z
    .record(z.string(), z.strictObject({ graphRoles: z.array(z.string()).default([]) }))
    .default({}),
  cases: z.array(z.union([command, call, request])).min(1),
})

/** What must hold of an outcome. */
export type Expectation = z.infer<typeof expectation>
/** One command, call or request, with the outcome Azure gives. */
export type Case = z.infer<typeof subject>['cases'][number]
/** The cases about one subject: they run in order, on their own resources. */
export type Subject = z.infer<typeof subject>

const folder = path.join(import.meta.dirname, 'cases')

/** Reads one file of cases. @throws Error that names what is wrong */
export function parseSubject(text: string): Subject {
  return subject.parse(parse(text, { merge: true }))
}

/** All subjects, in the order of their files. @throws Error that names the file that cannot be used */
export function readSubjects(): readonly Subject[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yml'))
  return files.sort().map((name) => {
    try {
      return parseSubject(readFileSync(path.join(folder, name), 'utf8'))
    } catch (cause) {
      throw new Error(`judge/cases/${name} cannot be used: ${String(cause)}`, { cause })
    }
  })
}
