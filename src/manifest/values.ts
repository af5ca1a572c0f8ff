import * as z from 'zod'
import { byKey } from '../by-key.ts'
import { lookUpRegion, regions } from '../catalog/facts/regions.ts'
import { resourceIdText } from '../catalog/resource-id-text.ts'
import { guidForm } from '../guid.ts'
import { firewallFault, networkPattern, readNetwork } from './address.ts'

/** Where an issue of our own carries what is allowed, in words that follow "must be". */
export const allowedParameter = 'allowed'

/**
 * The kinds of value in manifests. Each says in words what is allowed (`patternErrorMessage`, which editors
 * show too); the sentence around it is "… must be …".
 */

/** An issue that says in words what is allowed, as opposed to a whole sentence. */
const allowed = (phrase: string) => ({
  code: 'custom' as const,
  message: phrase,
  params: { [allowedParameter]: phrase },
})

/** Text of a fixed form. */
export const text = (pattern: RegExp, phrase: string, description: string) =>
  z.string().regex(pattern).meta({ description, patternErrorMessage: phrase })

/** The version of the document formats that this release reads. */
export const documentVersion = 1

/** The version of a document. */
export const version = z
  .literal(documentVersion)
  .meta({ description: `Version of this document format: ${documentVersion}` })

/**
 * Free text on one line, in any language: blanks of any width, and the joiners of Persian, Hindi and emoji after what
 * they join. What is invisible otherwise, or turns the reading direction, is not part of a text.
 */
export const freeText = (maxLength: number, description: string) =>
  text(
    new RegExp(
      `^(?=.*\\S)(?:[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]|(?<=(?!\\p{ASCII})[\\p{L}\\p{M}\\p{S}])[\\u200c\\u200d]){1,${maxLength}}$`,
      'u',
    ),
    `one line of at most ${maxLength} characters`,
    description,
  )

const regionPattern = /^[a-z][a-z0-9]{2,29}$/
const regionPhrase = "an Azure region's name such as swedencentral"

/** An Azure region. One that is not known is accepted unless it is a known one misspelt. */
export const region = (description: string) =>
  z
    .string()
    .superRefine((value, context) => {
      if (!regionPattern.test(value)) context.addIssue(allowed(regionPhrase))
      else if (lookUpRegion(value).kind === 'misspelt') context.addIssue(allowed('a region that Azure has'))
    })
    .meta({
      description,
      pattern: regionPattern.source,
      patternErrorMessage: regionPhrase,
      examples: [...regions],
    })

/** The name of a project. */
export const projectNamePattern = /^(?=.{2,32}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/

/** Who pays for a project. */
export const costCenterPattern = /^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9])?$/

/**
 * A GitHub login: a person, or an organisation. Those of managed users end with an underscore and the short code of
 * their company.
 * https://docs.github.com/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference/username-considerations-for-external-authentication
 */
export const githubLoginPattern = '[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:_[A-Za-z0-9]{1,16})?'

/** A GitHub repository with its owner, e.g. `contoso/rag-chat`. */
export const githubRepositoryPattern = new RegExp(
  `^${githubLoginPattern}/(?!\\.{1,2}$)(?!.*\\.git$)[A-Za-z0-9._-]{1,100}$`,
)

/** A GUID, e.g. the object id of a person or group. */
export const guidPattern = new RegExp(`^${guidForm}$`)

/** A tenant, subscription, application or object id. */
export const guid = (description: string) =>
  text(guidPattern, 'a GUID such as 11111111-1111-1111-1111-111111111111', description)

// User principal names: https://learn.microsoft.com/entra/identity/hybrid/connect/plan-connect-userprincipalname
const localPart = "[A-Za-z0-9_!#^~+'-]+(?:\\.[A-Za-z0-9_!#^~+'-]+)*"
const domain = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+'
const emailForm = `(?=.{3,113}$)${localPart}@${domain}`

/** An e-mail address (user principal name). */
export const emailPattern = new RegExp(`^${emailForm}$`)

/** An e-mail address (user principal name). */
export const email = (description: string) =>
  text(emailPattern, 'an e-mail address such as anna@contoso.example', description)

/** How a document names a person or a group: by e-mail address or Entra object id. */
export const memberPattern = new RegExp(`^(?:${guidForm}|${emailForm})$`)

/** People or groups: e-mail addresses or Entra object ids. */
export const members = (description: string) =>
  z
    .array(
      text(
        memberPattern,
        'an e-mail address such as anna@contoso.example, or the object id of a person or group',
        'A person (e-mail address) or a person or group (Entra object id)',
      ),
    )
    .max(1_000)
    .meta({ description })

/** An IPv4 network in strict notation. */
export const network = (description: string) =>
  z
    .string()
    .superRefine((value, context) => {
      const reading = readNetwork(value)
      if ('fault' in reading) context.addIssue(allowed(reading.fault))
    })
    .meta({
      description,
      pattern: networkPattern,
      patternErrorMessage: 'an IPv4 network such as 172.16.0.0/16',
    })

/** A prefix of a VNet, which Azure accepts from /8 to /29. */
export const vnetPrefix = (description: string) =>
  z
    .string()
    .superRefine((value, context) => {
      const reading = readNetwork(value)
      if ('fault' in reading) context.addIssue(allowed(reading.fault))
      else if (reading.prefixLength < 8 || reading.prefixLength > 29) {
        context.addIssue(allowed('a network from /8 to /29'))
      }
    })
    .meta({
      description,
      pattern: networkPattern,
      patternErrorMessage: 'an IPv4 network such as 172.16.0.0/16',
    })

/** A public address or network that a service's firewall lets through. */
export const firewallAddress = (description: string) =>
  z
    .string()
    .superRefine((value, context) => {
      const fault = firewallFault(value)
      if (fault !== undefined) context.addIssue(allowed(fault))
    })
    .meta({
      description,
      patternErrorMessage: 'an IPv4 address such as 203.0.113.7, or a network such as 203.0.113.0/24',
    })

const networkType = 'Microsoft.Network/virtualNetworks'

/** The resource id of a VNet. */
export const vnetId = (description: string) =>
  resourceIdText(
    networkType,
    "a VNet's resource id: /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…",
    description,
  )

/** The resource id of a resource of Microsoft.Network, e.g. of a route table. */
export const networkResourceId = (type: string, what: string, description: string) =>
  resourceIdText(
    `Microsoft.Network/${type}`,
    `the resource id of ${what}: /subscriptions/…/providers/Microsoft.Network/${type}/…`,
    description,
  )

/** The resource id of a VNet, or of a subnet. */
export const vnetOrSubnetId = (description: string) =>
  resourceIdText(
    networkType,
    'the resource id of a VNet or of a subnet: /subscriptions/…/virtualNetworks/…',
    description,
    { type: 'subnets', optional: true },
  )

/** The resource id of a subnet. */
export const subnetId = (description: string) =>
  resourceIdText(
    networkType,
    "a subnet's resource id: /subscriptions/…/virtualNetworks/…/subnets/…",
    description,
    { type: 'subnets', optional: false },
  )

/**
 * Tags of Azure resources. Azure allows 50; the rest is for those that every resource gets.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
 */
export const tags = (description: string) =>
  z
    .record(
      // A template would evaluate a name that begins with a bracket.
      z.string().regex(/^(?!\[)[^<>%&\\?/\p{Cc}]{1,128}$/u),
      text(/^[^\p{Cc}]{0,256}$/u, 'text of at most 256 characters', 'The value of this tag'),
    )
    .superRefine((value, context) => {
      if (Object.keys(value).length > 30) context.addIssue(allowed('at most 30 tags'))
    })
    .meta({ description })

/** The shape of an object with one optional key per word of a vocabulary. */
export const optionalKeys = <const Key extends string, Value extends z.ZodType>(
  keys: readonly Key[],
  value: (key: Key) => Value,
): Readonly<Record<Key, z.ZodOptional<Value>>> => byKey(keys, (key) => z.optional(value(key)))
