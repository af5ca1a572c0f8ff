import { readExisting } from '../existing.ts'
import type { Finding } from '../finding.ts'
import { nameFindings } from '../names.ts'
import type { CommonSituation } from './situation.ts'

/** Are the names free of all that the common area gets? What is softly deleted, such as a vault, still has its name. */
export async function checkCommonNames({
  area: { factory, ids },
  session,
  resources,
  written,
  allowed,
}: CommonSituation): Promise<readonly Finding[]> {
  const { has } = await readExisting(resources, ids.resourceGroup)
  return nameFindings(written, { session, factory, resources, has, allowed, hidden: async () => undefined })
}
