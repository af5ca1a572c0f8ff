/** The version of this project, as package.json has it; a test holds them together. */
export const version = '0.1.0'

const runNumber = /^[0-9]{1,20}$/

/** The user agent of the actions, which Azure sees. A run's number goes in only when it is one. */
export function userAgent(action: string, environment: Readonly<Record<string, string | undefined>>): string {
  const run = environment['GITHUB_RUN_ID'] ?? ''
  return `ai-factory-actions/${version} (${action}${runNumber.test(run) ? `; run ${run}` : ''})`
}
