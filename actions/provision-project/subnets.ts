import { z } from 'zod'
import type { AssignedSubnets } from '../../src/catalog/assigned-subnets.ts'
import { parseNetwork } from '../../src/network/cidr.ts'
import { subnetRequests } from '../../src/network/requests.ts'
import type { ProjectInEnvironment } from '../../src/runtime/project.ts'
import { UserError } from '../../src/user-error.ts'
import { subnetKeys } from '../../src/vocabulary.ts'

const attachmentSchema = z.object({ id: z.string().max(500) }).exactOptional()
const subnetSchema = z.object({
  name: z.string().min(1).max(80),
  addressPrefix: z.string().refine((text) => parseNetwork(text).kind === 'ipv4', 'is not an IPv4 network'),
  state: z.enum(['existing', 'planned', 'reserved']),
  delegation: z.string().max(200),
  id: z.string().max(500),
  attachments: z.object({ routeTable: attachmentSchema, natGateway: attachmentSchema }).exactOptional(),
})
const subnetsSchema = z.partialRecord(z.enum(subnetKeys), subnetSchema)

const refuse = (why: string): UserError =>
  new UserError({
    what: "Input 'subnets' cannot be used.",
    why,
    fix: "Pass the output 'subnets' of ip-calc unchanged, or leave the input out to read the subnets from the VNet.",
  })

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refuse('It is not valid JSON.')
  }
}

/**
 * Reads ip-calc's output and checks that it holds every subnet the project needs.
 * @throws UserError
 */
export function readSubnets(text: string, { project, names }: ProjectInEnvironment): AssignedSubnets {
  const parsed = subnetsSchema.safeParse(parseJson(text))
  if (!parsed.success) throw refuse(z.prettifyError(parsed.error))
  const subnets: AssignedSubnets = parsed.data
  const missing = subnetRequests(project, names.project).filter(({ key }) => subnets[key] === undefined)
  if (missing.length > 0) {
    throw refuse(
      `The project needs ${missing.map(({ key }) => `'${key}'`).join(', ')}, which it does not hold.`,
    )
  }
  return subnets
}
