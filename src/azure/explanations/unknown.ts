import type { Explanation } from './explanation.ts'

/** By the status of the answer: what can be said of a code that nobody has explained yet. */
const byStatus: readonly (Explanation & { readonly is: (status: number) => boolean })[] = [
  {
    is: (status) => status === 429,
    why: 'Azure limits how often it is asked, and kept refusing.',
    fix: 'Run the job again in some minutes, with fewer deliveries at once.',
  },
  {
    is: (status) => status >= 500,
    why: 'The service has a fault of its own at the moment.',
    fix: 'Run the job again. If it fails again, look at https://azure.status.microsoft, and open a support case with the correlation id.',
  },
  {
    is: (status) => status === 401 || status === 403,
    why: 'The identity that is signed in may not do it, or something else forbids it.',
    fix: 'Compare the roles and permissions of the identity with what the message asks for.',
  },
  {
    is: (status) => status === 409,
    why: 'It is being changed at the moment, or is in a state that does not allow it.',
    fix: 'Run the job again. If it fails again, look at the resource in the portal.',
  },
]

const rest: Explanation = {
  why: 'Azure does not accept it as it is.',
  fix: 'If the message names a value of factory.yml or of the manifest, correct it there. Otherwise run it again, and if it fails again, please report it with this message.',
}

/** What can be said of an error whose code nobody has explained. */
export function unexplained(status: number | undefined): Explanation {
  const { why, fix } = byStatus.find(({ is }) => status !== undefined && is(status)) ?? rest
  return { why, fix }
}
