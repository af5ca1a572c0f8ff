import { emptySubscriptionsFile, threeEnvironmentsFile } from '../sandbox/seeds/index.ts'

/** Where a demonstration begins: with empty subscriptions, or when the common area is there. */
export type Beginning = 'subscriptions' | 'project'

/** What the sandbox holds at the first start. */
export const seedOf: Readonly<Record<Beginning, string>> = {
  subscriptions: emptySubscriptionsFile,
  project: threeEnvironmentsFile,
}

/**
 * factory.yml as a company has it at that time: before set-up it names the repository and no identity.
 * @param text of the template, which has the identities of the seed with a common area
 */
export const factoryAt = (beginning: Beginning, text: string): string =>
  beginning === 'project'
    ? text
    : text
        .replaceAll(/^ {4}clientId:.*\n/gm, '')
        .replace(/^tags:/m, 'repository: contoso/ai-factory   # the bootstrap repository\ntags:')
