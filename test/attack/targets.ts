import type { Sandbox } from '../../sandbox/start.ts'
import type { Environment } from '../../src/vocabulary.ts'

/** What an attacker from dev knows of another environment. */
export interface Target {
  readonly environment: Environment
  /** `/subscriptions/…` */
  readonly subscription: string
  /** Of the identity that delivers there. */
  readonly clientId: string
  readonly objectId: string
  readonly applicationId: string
  /** The resource group of the common area, and one of a project. */
  readonly common: string
  readonly project: string
  readonly network: string
  readonly lake: string
  /** The group of the project's team leads. */
  readonly group: string
  readonly groupName: string
  /** Object id of somebody who is in it. */
  readonly member: string
  /** A deployment stack, a user-assigned identity and an account of storage of the project; a role assignment. */
  readonly stack: string
  readonly identity: string
  readonly storage: string
  readonly assignment: string
}

const codes: Readonly<Record<Environment, string>> = { dev: 'dev', stage: 'test', prod: 'prod' }
const numbers: Readonly<Record<Environment, number>> = { dev: 1, stage: 2, prod: 3 }

/** An environment of the seed, with what was delivered to it. */
export function targetIn({ state }: Sandbox, environment: Environment): Target {
  const number = numbers[environment]
  const code = codes[environment]
  const subscription = `/subscriptions/22222222-2222-2222-2222-22222222220${number}`
  const common = `${subscription}/resourceGroups/mrvel-esml-common-sdc-${code}-001`
  const there = Object.values(state.arm.resources).filter(({ id }) =>
    id.toLowerCase().startsWith(`${subscription}/`),
  )
  const idOf = (type: string, within: string): string => {
    const found = there.find(
      (one) =>
        one.type.toLowerCase() === type.toLowerCase() && one.id.toLowerCase().includes(within.toLowerCase()),
    )
    if (found === undefined) throw new Error(`There is no ${type} in ${environment}.`)
    return found.id
  }
  const group = state.directory.groups.find(({ mailNickname }) => mailNickname.endsWith(`_${code}_team_lead`))
  const [member] = group?.members ?? []
  if (group === undefined || member === undefined) throw new Error(`Nothing was delivered to ${environment}.`)
  const inProject = `-project002-sdc-${code}-`
  return {
    environment,
    subscription,
    common,
    clientId: `33333333-3333-3333-3333-33333333330${number}`,
    objectId: `33333333-3333-3333-3333-3333333333b${number}`,
    applicationId: `33333333-3333-3333-3333-3333333333a${number}`,
    network: `${common}/providers/Microsoft.Network/virtualNetworks/vnt-esmlcmn-sdc-${code}-001`,
    lake: `mrvela1b2cesml001${code}`,
    group: group.id,
    groupName: group.mailNickname,
    member,
    project: idOf('Microsoft.Resources/resourceGroups', inProject),
    stack: `${subscription}/providers/Microsoft.Resources/deploymentStacks/mrvel-esml-project002-sdc-${code}-001`,
    identity: idOf('Microsoft.ManagedIdentity/userAssignedIdentities', inProject),
    storage: idOf('Microsoft.Storage/storageAccounts', inProject),
    assignment: idOf('Microsoft.Authorization/roleAssignments', inProject),
  }
}
