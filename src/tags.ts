/**
 * The value of a tag. Azure keeps the case of tag names, and compares them without regard to it.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
 */
export const tagIn = (tags: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.entries(tags).find(([tag]) => tag.toLowerCase() === name.toLowerCase())?.[1]
