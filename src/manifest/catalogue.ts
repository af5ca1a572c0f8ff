import type { ServiceDefinition, SubnetDefinition } from '../catalog/types.ts'
import type { ServiceKey, SubnetKey } from '../vocabulary.ts'

/** What manifests need to know of the catalogue: the options of each service, the sizes of each subnet. */
export interface Catalogue {
  readonly services: Readonly<
    Record<
      ServiceKey,
      Pick<ServiceDefinition, 'title' | 'documentation' | 'defaultFor' | 'requires' | 'options' | 'defaults'>
    >
  >
  readonly subnets: Readonly<Record<SubnetKey, Pick<SubnetDefinition, 'purpose' | 'rule' | 'prefixLength'>>>
}
