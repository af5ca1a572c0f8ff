/** A name that Azure prescribes, such as AzureBastionSubnet, is one subnet in each VNet: who may have it says factory.yml. */
import { expect, test } from '@jest/globals'
import { requestedSubnets } from '../../src/network/subnets-from-input.ts'
import { readProject } from '../../src/operations/project.ts'
import { factoryFolder } from '../ip-calc/factory.ts'

const spec = { name: 'AzureBastionSubnet', prefixLength: 26, line: 1 }
const factory = factoryFolder()
const target = readProject({
  factoryFile: factory.file,
  project: '003',
  environment: 'dev',
  azureCloud: 'AzureCloud',
})
factory.remove()

const claim = (bringYourOwn: readonly string[]) => {
  const { project } = target
  const network = { ...project.factory.network, bringYourOwn }
  const listing = { ...target, project: { ...project, factory: { ...project.factory, network } } }
  return requestedSubnets([spec], listing).map(({ kind }) => kind)
}
const inVnet = (id: string): string => `${id}/subnets/AzureBastionSubnet`

test('the project may create it when its id in the VNet of the environment is listed', () => {
  expect(claim([inVnet(target.ids.virtualNetwork).toUpperCase()])).toEqual(['own'])
})

test("the id of the hub's says nothing about that of the spoke", () => {
  const hub =
    '/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub'
  expect(() => claim([inVnet(hub)])).toThrow("Subnet 'AzureBastionSubnet' cannot be claimed for project 003.")
})
