import { catalogue, type ServiceKey, serviceKeys } from '../catalog/index.ts'
import type { ProjectPersonaKey } from '../catalog/personas.ts'
import type { Fault } from '../diagnostics/fault.ts'
import type { FactoryManifest } from '../manifest/load.ts'
import { loadProject } from '../manifest/load.ts'
import type { ProjectDocument } from '../manifest/project-schema.ts'
import { renderProject } from '../manifest/render.ts'
import { decideServices } from '../manifest/services.ts'
import type { Environment, ProjectType } from '../vocabulary.ts'
import { environmentChoices, optionFor, serviceChoices } from './choices.ts'
import { type ExistingProject, nextNumber, type RequestIssue, withRequest } from './existing-projects.ts'
import type { Form, RequestFieldId } from './form.ts'
import type { RequestValues } from './parse-issue.ts'

/** What a request is turned into a manifest with. */
export interface RequestContext {
  readonly form: Form<RequestFieldId>
  readonly factory: FactoryManifest
  readonly existing: readonly ExistingProject[]
  /** Numbers of projects whose manifests are gone, three digits each. They are not given out again. */
  readonly formerNumbers?: readonly string[]
  readonly issue: RequestIssue
  /** The file of the manifest with this number, relative to the repository. */
  readonly fileOf: (number: string) => string
}

/** What becomes of a request. */
export type RequestOutcome =
  | {
      readonly kind: 'new'
      readonly number: string
      readonly file: string
      /** The manifest's text. */
      readonly text: string
    }
  /** This issue has been turned into a project before. `same` when the issue still says what the manifest says. */
  | { readonly kind: 'done'; readonly project: ExistingProject; readonly same: boolean }
  | { readonly kind: 'refused'; readonly faults: readonly Fault[] }

/**
 * The personas that team members get, by type of project. Whoever needs another one is moved in the manifest; the form
 * asks for people only.
 */
const memberPersonas: Readonly<Record<ProjectType, readonly ProjectPersonaKey[]>> = {
  esml: ['dataScientist'],
  'genai-1': ['aiEngineer'],
  all: ['dataScientist', 'aiEngineer'],
}

/**
 * Turns a request into a project's manifest. The manifest records who asked and in which issue, so that the same issue
 * never makes a second project, and from then on the manifest is the source of truth: editing the issue does not change it.
 */
export function requestToManifest(values: RequestValues, context: RequestContext): RequestOutcome {
  const { existing, issue, fileOf } = context
  const made = existing.find(({ request }) => request?.number === issue.number)
  if (made !== undefined) {
    const author = made.request?.author ?? issue.author
    const text = manifestText(values, made.number, { ...context, issue: { ...issue, author } })
    return { kind: 'done', project: made, same: text === made.text }
  }
  const number = nextNumber(existing, context.formerNumbers)
  const faults = [
    ...takenName(values, context),
    ...missingEnvironments(values, context),
    ...missingServices(values, context),
    ...(number === undefined ? [noNumber] : []),
  ]
  if (number === undefined || faults.length > 0) return { kind: 'refused', faults }
  const file = fileOf(number)
  const text = manifestText(values, number, context)
  const loaded = loadProject(text, file, context.factory)
  if (loaded.kind === 'faults') return { kind: 'refused', faults: loaded.faults.map(fromManifest) }
  return { kind: 'new', number, file, text }
}

const noNumber: Fault = {
  what: 'All project numbers from 001 to 999 are taken.',
  fix: 'A project has to be retired first; please ask the core team.',
}

/** A rule of the manifest that the form does not know, e.g. one that ties two services together. */
const fromManifest = ({ what }: { readonly what: string }): Fault => ({
  what: `The answers do not make a valid manifest: ${what}`,
  fix: 'Answer differently, or ask the core team: a manifest can say more than the form.',
})

const manifestText = (values: RequestValues, number: string, context: RequestContext): string =>
  withRequest(renderProject(toDocument(values, number, context)), context.issue)

function toDocument(values: RequestValues, number: string, context: RequestContext): ProjectDocument {
  const { name, type, description, owner, costCenter, repository, environments } = values
  const services = addedServices(values, context)
  return {
    version: 1,
    project: number,
    name,
    type,
    description,
    owner,
    costCenter,
    ...(repository === undefined ? {} : { repository }),
    ...(services.length === 0 ? {} : { services: switchedOn(services) }),
    environments: Object.fromEntries(environments.map((environment) => [environment, {}])),
    team: teamOf(values),
  }
}

const switchedOn = (services: readonly ServiceKey[]): Readonly<Partial<Record<ServiceKey, true>>> =>
  Object.fromEntries(services.map((service) => [service, true]))

/** The services asked for that the project would not have anyway, in some environment. */
function addedServices(
  { type, services, environments }: RequestValues,
  { factory }: RequestContext,
): readonly ServiceKey[] {
  const decided = environments.map((environment) =>
    decideServices(catalogue, factory.document, {}, type, environment),
  )
  return services.filter((service) => decided.some((decision) => !decision[service].setting.enabled))
}

function teamOf({ type, teamLead, teamMembers }: RequestValues): ProjectDocument['team'] {
  const members = teamMembers.length === 0 ? [] : memberPersonas[type].map((key) => [key, [...teamMembers]])
  return { lead: [...teamLead], ...Object.fromEntries(members) }
}

const labelOf = ({ form }: RequestContext, id: RequestFieldId): string =>
  form.fields.find((field) => field.id === id)?.label ?? id

function takenName({ name }: RequestValues, context: RequestContext): readonly Fault[] {
  const other = context.existing.find((project) => project.name?.toLowerCase() === name.toLowerCase())
  if (other === undefined) return []
  return [
    {
      key: labelOf(context, 'name'),
      what: `Project ${other.number} has this name already.`,
      found: name,
      fix: 'Choose a name that no other project has.',
    },
  ]
}

function missingEnvironments({ environments }: RequestValues, context: RequestContext): readonly Fault[] {
  const available = context.factory.document.environments
  const titles = (keys: readonly Environment[]): string =>
    keys.map((key) => optionFor(environmentChoices, key)).join(', ')
  const missing = environments.filter((key) => available[key] === undefined)
  if (missing.length === 0) return []
  return [
    {
      key: labelOf(context, 'environments'),
      what: `This AI Factory has no ${titles(missing)}.`,
      fix: `Choose from: ${titles(Object.values(environmentChoices).filter((key) => available[key] !== undefined))}.`,
    },
  ]
}

/** Services that require another one. */
function missingServices(values: RequestValues, context: RequestContext): readonly Fault[] {
  const { type, services } = values
  const chosen = Object.fromEntries(services.map((service) => [service, true]))
  const needs = values.environments.flatMap((environment) => {
    const decided = decideServices(
      catalogue,
      context.factory.document,
      { services: chosen },
      type,
      environment,
    )
    return services.flatMap((service) =>
      serviceKeys
        .filter((other) => catalogue.services[service].requires.includes(other))
        .filter((other) => !decided[other].setting.enabled)
        .map(
          (other) => `${optionFor(serviceChoices(), service)} needs ${optionFor(serviceChoices(), other)}.`,
        ),
    )
  })
  return [...new Set(needs)].map((what) => ({
    key: labelOf(context, 'services'),
    what,
    fix: 'Tick both, or neither.',
  }))
}
