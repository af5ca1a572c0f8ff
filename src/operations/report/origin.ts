import path from 'node:path'
import type { Origin } from '../../report/delivery.ts'
import type { ProjectTarget } from '../project.ts'

/**
 * The portal of each of Microsoft's clouds; others have one of their own, at an address that nobody publishes.
 * https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure,
 * https://learn.microsoft.com/azure/china/resources-developer-guide
 */
const portals: Readonly<Record<string, string>> = {
  AzureCloud: 'https://portal.azure.com',
  AzureUSGovernment: 'https://portal.azure.us',
  AzureChinaCloud: 'https://portal.azure.cn',
}

/** The portal of a cloud, where it is known. */
export const portalOf = (azureCloud: string): string | undefined => portals[azureCloud]

/** What GitHub says of a run, when it is well-formed. https://docs.github.com/actions/reference/workflows-and-actions/variables */
function variable(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  form: RegExp,
): string | undefined {
  const value = environment[name] ?? ''
  return form.test(value) ? value : undefined
}

/** Where a delivery on GitHub ran, and where its manifest is. */
export function originOnGitHub(
  { factoryFile, project, azureCloud }: ProjectTarget,
  environment: Readonly<Record<string, string | undefined>>,
): Origin {
  const of = (name: string, form: RegExp): string | undefined => variable(environment, name, form)
  const [server, repository] = [
    of('GITHUB_SERVER_URL', /^https:\/\/[\w.-]+$/),
    of('GITHUB_REPOSITORY', /^[\w.-]+\/[\w.-]+$/),
  ]
  const [id, attempt] = [of('GITHUB_RUN_ID', /^\d{1,20}$/), of('GITHUB_RUN_ATTEMPT', /^\d{1,6}$/)]
  const [number, sha] = [of('GITHUB_RUN_NUMBER', /^\d{1,20}$/), of('GITHUB_SHA', /^[0-9a-f]{40,64}$/)]
  const actor = of('GITHUB_TRIGGERING_ACTOR', /^[\w[\]-]{1,100}$/)
  const base = server !== undefined && repository !== undefined ? `${server}/${repository}` : undefined
  const manifest = path.posix.join(path.posix.dirname(factoryFile), 'projects', `prj${project}.yml`)
  const portal = portalOf(azureCloud)
  return {
    ...(id !== undefined && { run: { name: `run ${number ?? id}`, ...runUrl(base, id, attempt) } }),
    ...(actor !== undefined && { actor }),
    manifest: {
      name: manifest,
      ...(base !== undefined && sha !== undefined && { url: `${base}/blob/${sha}/${manifest}` }),
    },
    ...(sha !== undefined && {
      commit: { name: sha.slice(0, 7), ...(base !== undefined && { url: `${base}/commit/${sha}` }) },
    }),
    ...(portal !== undefined && { portal }),
    again:
      id === undefined
        ? 'the same workflow'
        : `gh run rerun ${id} --failed${repository === undefined ? '' : ` --repo ${repository}`}`,
  }
}

const runUrl = (base: string | undefined, id: string, attempt: string | undefined): { url?: string } =>
  base === undefined
    ? {}
    : { url: `${base}/actions/runs/${id}${attempt === undefined ? '' : `/attempts/${attempt}`}` }
