import { byKey, keysOf } from '../../by-key.ts'
import type { CommonNames } from '../../naming/types.ts'
import { type CommonPartKey, type CommonResourceKey, commonCatalogue, commonPartKeys } from './index.ts'
import type { CommonPartSetting } from './types.ts'

/** The ids of a common area's resources by their keys, made, those of factory.yml or neither. */
export type CommonIds = Readonly<Record<CommonResourceKey, string>> & { readonly resourceGroup: string }

/** What they are made of. */
export interface CommonIdSource {
  readonly subscriptionId: string
  readonly names: CommonNames<CommonResourceKey>
  readonly parts: Readonly<Record<CommonPartKey, CommonPartSetting>>
}

/** Ids of all resources that a common area can have; those of existing ones where these stand in. */
export function commonIds({ subscriptionId, names, parts }: CommonIdSource): CommonIds {
  const { resources } = commonCatalogue
  const resourceGroup = `/subscriptions/${subscriptionId}/resourceGroups/${names.resourceGroup}`
  const standingIn = new Map(
    commonPartKeys.flatMap((key): [string, string][] => {
      const setting = parts[key]
      const { existing } = commonCatalogue.parts[key]
      return setting.kind === 'existing' && existing !== undefined ? [[existing, setting.id]] : []
    }),
  )
  const idOf = (key: CommonResourceKey): string =>
    standingIn.get(key) ?? `${resourceGroup}/providers/${resources[key].type}/${names[key]}`
  return { ...byKey(keysOf(resources), idOf), resourceGroup }
}
