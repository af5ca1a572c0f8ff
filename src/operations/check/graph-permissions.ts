import { z } from 'zod'
import { azureError } from '../../azure/errors.ts'
import { isForbidden } from '../../azure/failure.ts'
import { openGraph } from '../../azure/graph.ts'
import { signedInAs } from '../../azure/signed-in.ts'
import { type Finding, unchecked } from './finding.ts'
import type { Situation } from './situation.ts'

/** Application permissions of Microsoft Graph by their ids. https://learn.microsoft.com/graph/permissions-reference */
const permissionIds: Readonly<Record<string, string>> = {
  'Directory.Read.All': '7ab1d382-f21e-4acd-a863-ba3e13f7da61',
  'Directory.ReadWrite.All': '19dbc75e-c2e2-444c-a770-ec69d8559fc7',
  'Group.Read.All': '5b567255-7703-4780-807c-7be8301ae99b',
  'Group.ReadWrite.All': '62a82d76-70ea-41e2-9197-370581804d09',
  'GroupMember.Read.All': '98830695-27a2-44f7-8c18-0c3ebc9698f6',
  'GroupMember.ReadWrite.All': 'dbaae8cf-10b5-4b86-a4a1-f871c94c6695',
  'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
  'User.ReadBasic.All': '97235f07-e226-4f63-ace3-39588e11d3a1',
  'User.ReadWrite.All': '741f803b-c850-494e-b5df-cde7c675a1ca',
}

/** Something that a delivery does in the directory, and the permissions each of which is enough, the least first. */
interface Task {
  readonly does: string
  readonly enough: readonly string[]
}

/** https://learn.microsoft.com/graph/api/group-upsert, …/group-post-members, …/group-list-members, …/user-list */
const tasks: readonly Task[] = [
  // Groups are created by their unique name and get no owner, so the right to groups of one's own is not enough.
  {
    does: 'create groups and change who is in them',
    enough: ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  },
  {
    does: 'see who is in a group',
    enough: [
      'GroupMember.Read.All',
      'GroupMember.ReadWrite.All',
      'Group.Read.All',
      'Group.ReadWrite.All',
      'Directory.Read.All',
      'Directory.ReadWrite.All',
    ],
  },
  {
    does: 'find people',
    enough: [
      'User.Read.All',
      'User.ReadBasic.All',
      'User.ReadWrite.All',
      'Directory.Read.All',
      'Directory.ReadWrite.All',
    ],
  },
]

/** May the delivering identity do in the directory what the delivery does? */
export async function checkGraphPermissions(situation: Situation): Promise<readonly Finding[]> {
  const identity = await situation.identity()
  const held = await readPermissions(situation)
  if (held === undefined) {
    return [
      unchecked(
        'Permissions of the delivering identity in Microsoft Graph: not checked.',
        'They are in its own token, or to be read with Application.Read.All or Directory.Read.All, and neither is there.',
      ),
    ]
  }
  const objectId = identity.objectId ?? '<object id of the identity>'
  const missing = permissionFindings(held, objectId, situation.session.cloud.graph)
  if (missing.length > 0) return missing
  return [
    {
      severity: 'good',
      what: `The delivering identity may do in Microsoft Graph what is needed (${held.join(', ')}).`,
    },
  ]
}

/** The permissions it holds, by name; undefined when they cannot be known. */
async function readPermissions({ session, identity }: Situation): Promise<readonly string[] | undefined> {
  const { isSelf, objectId } = await identity()
  if (isSelf) return (await signedInAs(session, session.cloud.graphScope)).roles
  if (objectId === undefined) return undefined
  const graph = await openGraph(session)
  try {
    // https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignments
    const path = `/servicePrincipals/${objectId}/appRoleAssignments?$select=appRoleId`
    const found = await graph.list(path, z.object({ appRoleId: z.string() }))
    const ids = new Set(found.map(({ appRoleId }) => appRoleId.toLowerCase()))
    return Object.entries(permissionIds).flatMap(([name, id]) => (ids.has(id) ? [name] : []))
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw azureError(error, 'Reading the permissions of the delivering identity in Microsoft Graph')
  }
}

/** What it may not do in the directory, with the least permission that lets it. Pure. */
const permissionFindings = (held: readonly string[], objectId: string, graph: string): readonly Finding[] =>
  tasks
    .filter(({ enough }) => !enough.some((one) => held.includes(one)))
    .map(({ does, enough }): Finding => {
      const [least = ''] = enough
      return {
        severity: 'fault',
        what: `The delivering identity may not ${does} in the directory.`,
        why: `It has none of these application permissions of Microsoft Graph: ${enough.join(', ')}.`,
        fix: `Grant it ${least}, as Privileged Role Administrator.`,
        commands: [
          `az rest --method POST --url '${graph}/v1.0/servicePrincipals/${objectId}/appRoleAssignments' --body '{"principalId": "${objectId}", "resourceId": "'$(az ad sp show --id 00000003-0000-0000-c000-000000000000 --query id --output tsv)'", "appRoleId": "${permissionIds[least]}"}'`,
        ],
      }
    })
