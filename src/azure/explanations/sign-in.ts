import type { Explained } from './explanation.ts'

const federation = 'https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust'
const conditionalAccess = 'https://learn.microsoft.com/entra/identity/conditional-access/workload-identity'
const codesOfEntra = 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes'

const setup = "'npm run setup -- path/to/factory.yml'"

/** What Entra has against a sign-in. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
export const signInExplanations: readonly Explained[] = [
  {
    codes: ['AADSTS7002138'],
    why: "A federated credential of the application has this job's subject in another case. Entra compares exactly.",
    fix: `Run ${setup}: it gives the credential the subject that GitHub issues, with owner, repository and environment exactly as GitHub spells them.`,
    more: federation,
  },
  {
    codes: ['AADSTS700213', 'AADSTS70021'],
    why: "No federated credential of the application matches this job's subject. The subject is compared exactly, case included, and repositories created since July 2026 use the form repo:OWNER@ID/REPO@ID:environment:NAME.",
    fix: `Run ${setup}: it asks GitHub which subject the repository has now, and gives the credential of this environment that one. A repository that was renamed or transferred has another one since.`,
    more: federation,
  },
  {
    codes: ['AADSTS70025'],
    why: 'The application has no federated credential at all.',
    fix: `Run ${setup}, which adds the one for this repository and environment. If clientId in factory.yml is that of another application, correct it.`,
    more: federation,
  },
  {
    codes: ['AADSTS700211'],
    why: "No federated credential of the application has GitHub's address as its issuer.",
    fix: 'Set the issuer of the federated credential to https://token.actions.githubusercontent.com (on Enterprise Server: to its own issuer).',
    more: federation,
  },
  {
    codes: ['AADSTS700212'],
    why: "The federated credential expects an audience other than this cloud's.",
    fix: 'Set the audience of the federated credential to api://AzureADTokenExchange (or the one of your cloud).',
    more: federation,
  },
  {
    codes: ['AADSTS700024'],
    why: "GitHub's token was not valid at the time of Entra's clock: too old, or from a runner whose clock is wrong.",
    fix: 'Run the job again; if it fails again, set the clock of the runner.',
  },
  {
    codes: ['AADSTS50166'],
    why: 'Entra could not fetch the keys of the issuer of the token. GitHub.com was unavailable for a moment; or an Enterprise Server does not show its keys to the internet.',
    fix: 'Run the job again. On Enterprise Server, let Entra reach /_services/token/.well-known/openid-configuration.',
    more: federation,
  },
  {
    codes: ['AADSTS700027', 'AADSTS50027'],
    why: "Entra does not accept the signature or the form of GitHub's token: the issuer has just changed its keys, or something in between changed the token.",
    fix: 'Run the job again. If it fails again, check the proxy of the runner.',
    more: codesOfEntra,
  },
  {
    codes: ['AADSTS700016'],
    why: 'The application (clientId) does not exist in this tenant.',
    fix: 'Check tenantId and clientId of this environment in factory.yml. clientId is the application (client) id, not an object id.',
  },
  {
    codes: ['AADSTS7000112'],
    why: 'Somebody has disabled the service principal of the application in this tenant.',
    fix: 'Ask an administrator of the tenant to allow sign-ins again: Entra > Enterprise applications > the application > Properties.',
  },
  {
    codes: ['AADSTS90002'],
    why: 'The tenant does not exist in this cloud.',
    fix: "Check tenantId of this environment in factory.yml, and the input 'azure-cloud'.",
  },
  {
    codes: ['endpoints_resolution_error'],
    why: 'The tenant does not exist, or the sign-in address cannot be reached from this runner.',
    fix: 'Check tenantId in factory.yml, and that the runner may reach the sign-in address of the cloud.',
  },
  {
    codes: ['AADSTS500011'],
    why: 'The tenant does not know the service that the token is for, usually because it belongs to another cloud.',
    fix: "Check the input 'azure-cloud' and tenantId of this environment in factory.yml.",
  },
  {
    codes: ['AADSTS53003'],
    why: 'A Conditional Access policy of the tenant blocks the sign-in. For applications such a policy looks at the address they come from, or at their risk.',
    fix: 'Ask an administrator of the tenant: Entra > Sign-in logs > Service principal sign-ins shows the policy. Run the job from an address that it allows (a runner with a fixed outbound address), or exclude this application from it.',
    more: conditionalAccess,
  },
  {
    codes: ['AADSTS50034', 'AADSTS50020', 'AADSTS90072'],
    why: 'The person who signed in is no member and no guest of the tenant in factory.yml.',
    fix: 'Sign in as somebody of that tenant: az login --tenant TENANT-ID. Or check tenantId of this environment in factory.yml.',
    more: codesOfEntra,
  },
  {
    codes: ['AADSTS50076', 'AADSTS50079', 'AADSTS50173', 'AADSTS70043', 'AADSTS700082'],
    why: 'The sign-in of the Azure CLI on this machine has ended, or the tenant asks for a second factor.',
    fix: 'Sign in anew: az login --tenant TENANT-ID. On GitHub an identity with a federated credential signs in instead.',
    more: codesOfEntra,
  },
]
