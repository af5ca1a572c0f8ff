import { badRequest } from '../errors.ts'
import { isRecord } from '../json.ts'

const largestCount = 50
const longestName = 512
const longestStorageName = 128
const longestValue = 256
const reserved = /[<>%&\\?/]|\p{Cc}/u

/**
 * Refuses tags that Azure refuses. https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
 * @throws ArmError
 */
export function checkTags(tags: unknown, type: string): void {
  if (tags === undefined || tags === null) return
  if (!isRecord(tags) || Object.values(tags).some((value) => typeof value !== 'string'))
    throw badRequest(
      'InvalidRequestContent',
      'The request content was invalid: tags must be an object of strings.',
    )
  const names = Object.keys(tags)
  if (names.length > largestCount)
    throw badRequest(
      'InvalidTagCount',
      `The number of tags is ${names.length}, which is over the limit of ${largestCount}.`,
    )
  checkNames(names, /^Microsoft\.Storage\/storageAccounts$/i.test(type) ? longestStorageName : longestName)
  const value = Object.values(tags).find((candidate) => String(candidate).length > longestValue)
  if (value !== undefined)
    throw badRequest(
      'InvalidTagValue',
      `Tag value too large. Following tag value '${String(value)}' exceeded the maximum length. Maximum allowed length for tag value - '${longestValue}' characters.`,
    )
}

function checkNames(names: readonly string[], longest: number): void {
  if (names.some((name) => name.trim() === ''))
    throw badRequest('InvalidTagName', 'The tag name must not be null, empty or consist of whitespace only.')
  const unfit = names.filter((name) => reserved.test(name) && !/^hidden-/i.test(name))
  if (unfit.length > 0)
    throw badRequest(
      'InvalidTagNameCharacters',
      `The tag names '${unfit.join(',')}' have reserved characters '<,>,%,&,\\,?,/' or control characters.`,
    )
  const long = names.find((name) => name.length > longest)
  if (long !== undefined)
    throw badRequest(
      'InvalidTagName',
      `Tag key too large. Following tag name '${long}' exceeded the maximum length. Maximum allowed length for tag name - '${longest}' characters.`,
    )
  const lower = names.map((name) => name.toLowerCase())
  const twice = names.find((name, index) => lower.indexOf(name.toLowerCase()) !== index)
  if (twice !== undefined)
    throw badRequest(
      'InvalidTagNames',
      `The tag name '${twice}' is used twice: names differ by more than case.`,
    )
}
