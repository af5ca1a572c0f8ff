import { countedIn, type Place, type Read, usage } from './read.ts'

interface Size {
  readonly name: string
  readonly family: string
  readonly familyTitle: string
  readonly cores: number
  readonly memoryInGb: number
  readonly gpus?: number
}

/** Sizes of machines that projects use: https://learn.microsoft.com/azure/virtual-machines/sizes/overview */
const sizes: readonly Size[] = [
  {
    name: 'Standard_B2s',
    family: 'standardBSFamily',
    familyTitle: 'Standard BS Family vCPUs',
    cores: 2,
    memoryInGb: 4,
  },
  {
    name: 'Standard_D2s_v3',
    family: 'standardDSv3Family',
    familyTitle: 'Standard DSv3 Family vCPUs',
    cores: 2,
    memoryInGb: 8,
  },
  {
    name: 'Standard_D4s_v3',
    family: 'standardDSv3Family',
    familyTitle: 'Standard DSv3 Family vCPUs',
    cores: 4,
    memoryInGb: 16,
  },
  {
    name: 'Standard_DS3_v2',
    family: 'standardDSv2Family',
    familyTitle: 'Standard DSv2 Family vCPUs',
    cores: 4,
    memoryInGb: 14,
  },
  {
    name: 'Standard_DS11_v2',
    family: 'standardDSv2Family',
    familyTitle: 'Standard DSv2 Family vCPUs',
    cores: 2,
    memoryInGb: 14,
  },
  {
    name: 'Standard_D4ds_v5',
    family: 'standardDDSv5Family',
    familyTitle: 'Standard DDSv5 Family vCPUs',
    cores: 4,
    memoryInGb: 16,
  },
  {
    name: 'Standard_E4ds_v5',
    family: 'standardEDSv5Family',
    familyTitle: 'Standard EDSv5 Family vCPUs',
    cores: 4,
    memoryInGb: 32,
  },
  {
    name: 'Standard_F4s_v2',
    family: 'standardFSv2Family',
    familyTitle: 'Standard FSv2 Family vCPUs',
    cores: 4,
    memoryInGb: 8,
  },
  {
    name: 'Standard_NC4as_T4_v3',
    family: 'Standard NCASv3_T4 Family',
    familyTitle: 'Standard NCASv3_T4 Family vCPUs',
    cores: 4,
    memoryInGb: 28,
    gpus: 1,
  },
]
const families = [...new Map(sizes.map(({ family, familyTitle }) => [family, familyTitle]))]
const coresOfFamily = 100
const computes = 'Microsoft.MachineLearningServices/workspaces/computes'

const megabytes = (gigabytes: number) => gigabytes * 1_024

const machineLearningSizes = sizes.map(({ name, family, cores, memoryInGb, gpus = 0 }) => ({
  name,
  family,
  vCPUs: cores,
  gpus,
  memoryGB: memoryInGb,
  osVhdSizeMB: megabytes(1_023),
  maxResourceVolumeMB: megabytes(32),
  lowPriorityCapable: true,
  premiumIO: true,
  supportedComputeTypes: ['ComputeInstance', 'AmlCompute'],
}))

const familyUsages = (place: Place, type: string, current: number) =>
  families.map(([family, title]) => ({
    id: `${place.subscription}/providers/${type}/locations/${place.location}/usages/${family}`,
    type: `${type}/usages`,
    ...usage(family, title, current, coresOfFamily),
  }))

/** Machines: what there is, and how much of it a subscription may have. */
export const computeReads: readonly Read[] = [
  {
    path: 'Microsoft.Compute/locations/usages',
    answer: () => [
      usage('availabilitySets', 'Availability Sets', 0, 2_500),
      usage('cores', 'Total Regional vCPUs', 0, coresOfFamily),
      usage('virtualMachines', 'Virtual Machines', 0, 25_000),
      ...families.map(([family, title]) => usage(family, title, 0, coresOfFamily)),
    ],
  },
  {
    path: 'Microsoft.Compute/locations/vmSizes',
    answer: () =>
      sizes.map(({ name, cores, memoryInGb }) => ({
        name,
        numberOfCores: cores,
        osDiskSizeInMB: megabytes(1_023),
        resourceDiskSizeInMB: megabytes(32),
        memoryInMB: megabytes(memoryInGb),
        maxDataDiskCount: cores * 2,
      })),
  },
  {
    path: 'Microsoft.MachineLearningServices/locations/usages',
    answer: (place, world) => [
      {
        id: `${place.subscription}/providers/Microsoft.MachineLearningServices/locations/${place.location}/usages/totalClusters`,
        type: 'Microsoft.MachineLearningServices/usages',
        ...usage('Clusters', 'Clusters', countedIn(computes, place, world).length, 500),
      },
      ...familyUsages(place, 'Microsoft.MachineLearningServices', 0),
    ],
  },
  {
    path: 'Microsoft.MachineLearningServices/locations/quotas',
    answer: (place) =>
      families.map(([family, title]) => ({
        id: `${place.subscription}/providers/Microsoft.MachineLearningServices/locations/${place.location}/quotas/${family}`,
        type: 'Microsoft.MachineLearningServices/quotas',
        unit: 'Count',
        limit: coresOfFamily,
        name: { value: family, localizedValue: title },
      })),
  },
  {
    path: 'Microsoft.MachineLearningServices/locations/vmSizes',
    answer: () => ({ value: machineLearningSizes }),
  },
]
