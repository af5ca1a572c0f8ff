import { z } from 'zod'
import { azureError } from '../../azure/errors.ts'
import { isForbidden } from '../../azure/failure.ts'
import { openGraph } from '../../azure/graph.ts'
import { signedInAs } from '../../azure/signed-in.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import { type Finding, unchecked } from './finding.ts'
import type { Situation } from './situation.ts'

/** Application permissions of Microsoft Graph by their ids. https://learn.microsoft.com/graph/permissions-reference */
const permissionIds: Readonly<Record<string, string>> = {
  'AdministrativeUnit.Read.All': '134fd756-38ce-4afd-ba33-e9623dbe66c2',
  'AdministrativeUnit.ReadWrite.All': '5eb59dd3-1da2-4329-8733-9dabdc435916',
  'AppRoleAssignment.ReadWrite.All': '06b708a9-e830-4db3-a914-8e69da51d44f',
  'Application.ReadWrite.All': '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9',
  'Directory.Read.All': '7ab1d382-f21e-4acd-a863-ba3e13f7da61',
  'Directory.ReadWrite.All': '19dbc75e-c2e2-444c-a770-ec69d8559fc7',
  'Group.Create': 'bf7b1a76-6e77-406b-b258-bf5c7720e98f',
  'Group.Read.All': '5b567255-7703-4780-807c-7be8301ae99b',
  'Group.ReadWrite.All': '62a82d76-70ea-41e2-9197-370581804d09',
  'GroupMember.Read.All': '98830695-27a2-44f7-8c18-0c3ebc9698f6',
  'GroupMember.ReadWrite.All': 'dbaae8cf-10b5-4b86-a4a1-f871c94c6695',
  'RoleManagement.ReadWrite.Directory': '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8',
  'User.Invite.All': '09850681-111b-4a89-9bed-3f2cae46d706',
  'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
  'User.ReadWrite.All': '741f803b-c850-494e-b5df-cde7c675a1ca',
}

/** Something that a delivery does in the directory, and the permissions each of which is enough, the least first. */
interface Task {
  readonly does: string
  readonly enough: readonly string[]
  /** Absent when every delivery does it. */
  readonly when?: (factory: ResolvedFactory) => boolean
}

/**
 * An application that owns a group changes it and who is in it without a permission.
 * https://learn.microsoft.com/graph/api/group-post-groups, …/group-list-members, …/user-list
 */
const tasks: readonly Task[] = [
  {
    does: 'invite guests',
    enough: ['User.Invite.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
    when: ({ members }) => members.invite,
  },
  {
    does: 'see which administrative unit a group is in',
    enough: [
      'AdministrativeUnit.Read.All',
      'AdministrativeUnit.ReadWrite.All',
      'Directory.Read.All',
      'Directory.ReadWrite.All',
    ],
    when: ({ administrativeUnit }) => administrativeUnit !== undefined,
  },
  { does: 'create groups', enough: ['Group.Create', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'] },
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
    enough: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  },
]

/** With any of these an identity reaches beyond its environment: the groups, the identities or the roles of the tenant. */
const tooMuch: readonly string[] = [
  'AppRoleAssignment.ReadWrite.All',
  'Application.ReadWrite.All',
  'Directory.ReadWrite.All',
  'Group.ReadWrite.All',
  'GroupMember.ReadWrite.All',
  'RoleManagement.ReadWrite.Directory',
  'User.ReadWrite.All',
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
  const { graph } = situation.session.cloud
  const findings = [
    ...permissionFindings(held, situation, objectId, graph),
    ...excessFindings(held, objectId, graph),
  ]
  if (findings.length > 0) return findings
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
const permissionFindings = (
  held: readonly string[],
  { target: { project } }: Situation,
  objectId: string,
  graph: string,
): readonly Finding[] =>
  tasks
    .filter(({ when }) => when?.(project.factory) !== false)
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

/** What it may do besides, which could harm other environments. Pure. */
function excessFindings(held: readonly string[], objectId: string, graph: string): readonly Finding[] {
  const excess = tooMuch.filter((one) => held.includes(one))
  if (excess.length === 0) return []
  const assignments = `${graph}/v1.0/servicePrincipals/${objectId}/appRoleAssignments`
  return [
    {
      severity: 'warning',
      what: `The delivering identity may change more in the directory than its own groups: ${excess.join(', ')}.`,
      why: 'Whoever can run a job in this environment can so change the groups of every other one, prod among them, or worse.',
      fix: 'Let a person set the factory up, which takes groups over that have no owner yet, and then take these permissions away.',
      commands: excess.map(
        (name) =>
          `az rest --method DELETE --url "${assignments}/$(az rest --url '${assignments}' --query "value[?appRoleId=='${permissionIds[name]}'].id" --output tsv)"`,
      ),
    },
  ]
}
