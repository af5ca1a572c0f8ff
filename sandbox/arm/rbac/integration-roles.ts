import { commonActions, type RoleDefinition, reading, role } from './role.ts'

const stores = 'Microsoft.AppConfiguration/configurationStores'

/** Built-in roles of what joins services: gateways, workflows, configuration, events, data factories. */
export const integrationRoles: readonly RoleDefinition[] = [
  role('312a565d-c81f-4fd8-895a-4e21e48d571c', 'API Management Service Contributor', [
    ...commonActions,
    'Microsoft.ApiManagement/service/*',
  ]),
  role('71522526-b88f-4d52-b57f-d31fc3546d0d', 'API Management Service Reader Role', [
    ...commonActions,
    'Microsoft.ApiManagement/service/*/read',
    'Microsoft.ApiManagement/service/read',
  ]),
  role('87a39d53-fc1b-424a-814c-f7e04687dc9e', 'Logic App Contributor', [
    ...commonActions,
    'Microsoft.Logic/*',
    'Microsoft.Web/connections/*',
  ]),
  role('fe86443c-f201-4fc4-9d2a-ac61149fbda0', 'App Configuration Contributor', [
    ...commonActions,
    'Microsoft.AppConfiguration/*',
  ]),
  role(
    '5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b',
    'App Configuration Data Owner',
    [],
    [...['read', 'write', 'delete'].map((verb) => `${stores}/*/${verb}`), `${stores}/*/action`],
  ),
  role('516239f1-63e1-4d78-a4de-a74fb236a071', 'App Configuration Data Reader', [], [reading(stores)]),
  ...messaging('Event Hubs', 'Microsoft.EventHub', {
    owner: 'f526a384-b230-433a-b45c-95f59c4a2dec',
    receiver: 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde',
    sender: '2b629674-e913-4c01-ae53-ef4638d8f975',
  }),
  ...messaging('Service Bus', 'Microsoft.ServiceBus', {
    owner: '090c5cfd-751d-490a-894a-3ce6f1109419',
    receiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0',
    sender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39',
  }),
  role(
    'd5a91429-5739-47e2-a06b-3470a27159e7',
    'EventGrid Data Sender',
    [
      'Microsoft.EventGrid/topics/read',
      'Microsoft.EventGrid/domains/read',
      'Microsoft.EventGrid/namespaces/read',
    ],
    ['Microsoft.EventGrid/events/send/action'],
  ),
  {
    id: '673868aa-7521-48a0-acc6-0f60742d39f5',
    name: 'Data Factory Contributor',
    actions: [...commonActions, 'Microsoft.DataFactory/factories/*'],
  },
]

/** The roles that a service of messages has for those who own, receive and send them. */
function messaging(
  service: string,
  namespace: string,
  ids: Readonly<Record<'owner' | 'receiver' | 'sender', string>>,
): readonly RoleDefinition[] {
  const entity = namespace === 'Microsoft.EventHub' ? 'eventhubs' : '*'
  const named = (id: string, who: string, actions: readonly string[], dataActions: readonly string[]) =>
    role(id, `Azure ${service} Data ${who}`, actions, dataActions)
  return [
    named(ids.owner, 'Owner', [`${namespace}/*`], [`${namespace}/*`]),
    named(ids.receiver, 'Receiver', [`${namespace}/*/read`], [`${namespace}/*/receive/action`]),
    named(ids.sender, 'Sender', [`${namespace}/*/${entity}/read`], [`${namespace}/*/send/action`]),
  ]
}
