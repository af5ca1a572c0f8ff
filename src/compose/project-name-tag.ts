import { tagIn } from '../tags.ts'

/** The stack's tag with the name of the project it was deployed for: two projects may have had one number. */
export const projectNameTag = 'ai-factory-project-name'

/** The name of the project that a stack with these tags was deployed for. */
export const projectNameIn = (tags: Readonly<Record<string, string>>): string | undefined =>
  tagIn(tags, projectNameTag)
