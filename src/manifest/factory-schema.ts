import * as z from 'zod'
import { keysOf } from '../by-key.ts'
import type { Catalogue } from '../catalog/index.ts'
import { accessModes, environments, roleKinds, subnetProfiles } from '../vocabulary.ts'
import { commonPartsSchema } from './common-parts.ts'
import { coreTeamSchema, membersSchema, personasSchema } from './persona-schema.ts'
import { servicesSchema } from './services.ts'
import { subnetSettingsShape } from './subnet-settings.ts'
import {
  firewallAddress,
  githubRepositoryPattern,
  guid,
  network,
  optionalKeys,
  region,
  tags,
  text,
  version,
  vnetId,
  vnetOrSubnetId,
  vnetPrefix,
} from './values.ts'

/** A resource group's name. https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources */
const resourceGroup = (description: string) =>
  text(
    /^[A-Za-z0-9_().-]{0,89}[A-Za-z0-9_()-]$/,
    "a resource group's name of at most 90 characters",
    description,
  )

const dns = z
  .discriminatedUnion('mode', [
    z.strictObject({
      mode: z.literal('standalone').meta({ description: 'The private DNS zones are in the common area' }),
    }),
    z.strictObject({
      mode: z
        .literal('hub')
        .meta({ description: 'The private DNS zones are in a hub that another team runs' }),
      subscriptionId: guid('Subscription of the hub'),
      resourceGroup: resourceGroup('Resource group of the private DNS zones in the hub'),
    }),
    z.strictObject({
      mode: z.literal('policy').meta({
        description:
          'An Azure Policy of the platform team writes the records; a delivery waits for them, and writes none itself',
      }),
    }),
  ])
  .meta({
    description: 'Who writes the private DNS records, and where; by default standalone, into the common area',
  })

const lake = z
  .strictObject({
    container: text(
      /^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/,
      '3 to 63 of a-z, 0-9 and single hyphens',
      'File system (container) of the data lake; by default lake3',
    ).optional(),
    traversal: z.enum(['group', 'other']).optional().meta({
      description:
        'How a team reaches its folder through the root: members of one group may traverse it (group, the default), or everybody (other)',
    }),
  })
  .meta({ description: 'The data lake of the common area' })

const environmentNetwork = ({ subnets }: Catalogue) =>
  z
    .strictObject({
      addressSpace: z
        .array(vnetPrefix('A prefix of the VNet'))
        .min(1)
        .optional()
        .meta({ description: 'Address space of the VNet that the factory creates' }),
      dnsServers: z
        .array(z.ipv4().meta({ description: 'Private address of a DNS server' }))
        .max(20)
        .optional()
        .meta({
          description:
            "DNS servers of the VNet that the factory creates, such as the resolver of a hub that has the private DNS zones. By default those that it has; [] stands for Azure's own",
        }),
      vnetId: vnetId('Resource id of an existing VNet, instead of addressSpace').optional(),
      profile: z.enum(subnetProfiles).optional().meta({
        description:
          'How subnets are sized: standard (the default), or compact, which fits more projects into the VNet',
      }),
      reserved: z.array(network('Addresses that no subnet may use')).optional().meta({
        description: 'Networks that no subnet may use: on-premises, peered, Kubernetes service range',
      }),
      onPremises: z.array(network('Addresses of a network on-premises')).optional().meta({
        description:
          'Networks that are reached through a hub or a gateway: the VNet may not have any of their addresses. By default none',
      }),
      bringYourOwn: z.array(vnetOrSubnetId('A VNet, or one subnet')).optional().meta({
        description:
          'Existing subnets that project manifests may use (bring your own), by resource id; a VNet stands for all its subnets. By default none',
      }),
      subnets: z
        .strictObject(
          optionalKeys(keysOf(subnets), (key) =>
            z.strictObject(subnetSettingsShape).meta({ description: subnets[key].purpose }),
          ),
        )
        .optional()
        .meta({
          description:
            'What every project gets attached to its subnets unless its manifest says otherwise, by key',
        }),
    })
    .meta({
      description: 'The VNet of this environment: addressSpace, or vnetId for an existing one',
      oneOf: [{ required: ['addressSpace'] }, { required: ['vnetId'] }],
    })

const clientId = (who: string) => guid(`Application (client) id of ${who}; set-up writes it`)

const identities = z
  .strictObject({
    plan: z
      .strictObject({ clientId: clientId('the identity that plans') })
      .optional()
      .meta({ description: 'Signs in as the GitHub environment plan-ENVIRONMENT, and changes nothing' }),
    people: z
      .strictObject({
        clientId: clientId('the identity that changes memberships'),
        objectId: guid('Object id of its service principal; set-up writes it'),
      })
      .optional()
      .meta({
        description:
          'Signs in as the GitHub environment people-ENVIRONMENT; second owner of the groups that are created here',
      }),
  })
  .meta({ description: 'The other identities of this environment, which set-up creates' })

const environment = (catalogue: Catalogue) =>
  z
    .strictObject({
      subscriptionId: guid('Azure subscription of this environment'),
      clientId: clientId('the federated identity that delivers to this environment').optional(),
      identities: identities.optional(),
      administrativeUnit: guid(
        'Object id of an administrative unit of Entra ID that the groups of this environment are created in. By default none: they belong to the identity that delivers',
      ).optional(),
      network: environmentNetwork(catalogue),
      common: commonPartsSchema(
        'The parts of the common area in this environment, which count more than those for all',
      ).optional(),
    })
    .meta({ description: 'One environment: a subscription, an identity and a VNet' })

/** The schema of factory.yml: its structure. What ties keys together is in factory-rules.ts. */
export const factorySchema = (catalogue: Catalogue) =>
  z
    .strictObject({
      version,
      name: text(
        /^[a-z0-9]{2,8}$/,
        '2 to 8 of a-z and 0-9',
        'Name of the factory, with which its resource groups begin',
      ),
      instance: text(
        /^[0-9]{3}$/,
        'three digits in quotes, such as "001"',
        'Instance of the factory (scale set)',
      ),
      repository: text(
        githubRepositoryPattern,
        'a GitHub repository with its owner, such as contoso/ai-factory',
        'The bootstrap repository, whose GitHub environments the identities sign in as',
      ).optional(),
      location: region('Azure region of all resources'),
      locationCode: text(
        /^[a-z0-9]{2,4}$/,
        '2 to 4 of a-z and 0-9, such as sdc',
        'The region as it is written in names',
      ),
      salt: text(
        /^[a-z0-9]{5}$/,
        '5 of a-z and 0-9, in quotes when it looks like a number',
        'Makes names globally unique. One salt per factory, never changed',
      ),
      tenantId: guid('Entra tenant of the factory'),
      tags: tags('Tags of every resource. costCenter is also the default of every project').optional(),
      accessMode: z
        .enum(accessModes)
        .optional()
        .meta({ description: 'How people reach private services; by default private-peered' }),
      allowedIps: z.array(firewallAddress('A public IPv4 address or network')).max(100).optional().meta({
        description: 'Public addresses that the firewalls allow, with access mode private-ip-allowlist only',
      }),
      dns: dns.optional(),
      common: commonPartsSchema('The parts of the common area, in all environments').optional(),
      lake: lake.optional(),
      sharedContainerRegistry: z
        .boolean()
        .optional()
        .meta({ description: 'One container registry for all projects (true, the default), or one each' }),
      roles: z.enum(roleKinds).optional().meta({
        description:
          "What people and identities hold in a project: one role of the factory's own each, which set-up creates (custom, the default), or roles of Azure (builtin), which are three to four times as many of the 4,000 role assignments of a subscription",
      }),
      members: membersSchema.optional(),
      personas: personasSchema(catalogue).optional(),
      coreTeam: coreTeamSchema.optional(),
      environments: z
        .strictObject(optionalKeys(environments, () => environment(catalogue)))
        .meta({ description: 'The environments of the factory: dev, stage, prod', minProperties: 1 }),
      defaults: z
        .strictObject({
          services: servicesSchema(
            catalogue,
            'For every project. true enables a service, false disables it; options apply where it is enabled, and enable nothing',
          ).optional(),
          environments: z
            .strictObject(
              optionalKeys(environments, () =>
                z
                  .strictObject({
                    services: servicesSchema(catalogue, 'As above, for this environment').optional(),
                  })
                  .meta({ description: 'Defaults of this environment' }),
              ),
            )
            .optional()
            .meta({ description: 'Defaults by environment, which count more than those for all' }),
        })
        .optional()
        .meta({ description: 'What every project has unless its manifest says otherwise' }),
    })
    .meta({
      title: 'AI Factory',
      description: 'One AI Factory: its names, its environments, its common area',
    })

/** factory.yml as it is written; what is absent is decided by `resolveFactory`. */
export type FactoryDocument = z.output<ReturnType<typeof factorySchema>>
