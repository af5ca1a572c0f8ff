import { everything, partsOf } from '../catalog/contents.ts'

/**
 * The ARM types whose providers the delivery of a common area registers: its own, network security groups, which are in no
 * template, and those of all that projects can be made of. Nobody else registers these, and a project's check would
 * stop at each. Which services a project will ask for is not known yet.
 * @param written the types in its templates
 */
export const registeredTypes = (written: readonly string[]): readonly string[] => [
  ...written,
  'Microsoft.Network/networkSecurityGroups',
  ...partsOf(everything()).flatMap(({ resources }) => Object.values(resources).map(({ type }) => type)),
]
