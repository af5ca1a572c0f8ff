import { keysOf } from '../by-key.ts'
import { commonChoices } from '../catalog/common/index.ts'
import { choicesOf } from '../catalog/contents.ts'
import { catalogue } from '../catalog/index.ts'
import { productPersonas } from '../catalog/personas.ts'
import { quoted } from '../diagnostics/escape.ts'
import type { DocumentFault, Path } from '../diagnostics/fault.ts'
import { groupWordLength } from '../naming/types.ts'
import { environments } from '../vocabulary.ts'
import { personaKeyPattern } from './persona-schema.ts'
import { groupWordOf } from './personas.ts'
import { brokenRule, duplicates, keysAt, objectAt, textAt, valueAt } from './reading.ts'
import { unknownKey } from './schema-faults.ts'
import type { YamlDocument } from './yaml-document.ts'

type Kind = 'project' | 'coreTeam'

const kindOfProduct = (key: string): 'project' | 'coreTeam' | 'process' | undefined =>
  keysOf(productPersonas).find((known) => known === key) && productKind(key)

const productKind = (key: string): 'project' | 'coreTeam' | 'process' | undefined =>
  Object.entries(productPersonas).find(([known]) => known === key)?.[1].kind

/** Names that something else has where personas are named: identities of a project, and groups besides those of personas. */
const reserved: ReadonlySet<string> = new Set([...keysOf(catalogue.resources), 'traversal', 'former'])

/** The personas of a factory by what was written of them: their keys, with their kinds. */
function personaKinds(factory: unknown): ReadonlyMap<string, Kind> {
  const own = Object.keys(objectAt(factory, ['personas']))
  const product = keysOf(productPersonas).map((key) => [key, productPersonas[key].kind] as const)
  const kinds = new Map<string, Kind>()
  for (const [key, kind] of product) if (kind !== 'process') kinds.set(key, kind)
  for (const key of own) {
    if (!kinds.has(key))
      kinds.set(key, textAt(factory, ['personas', key, 'kind']) === 'coreTeam' ? 'coreTeam' : 'project')
  }
  return kinds
}

/** What ties the personas of factory.yml together, and the people of its core team to them. */
export function personaRules(document: YamlDocument): readonly DocumentFault[] {
  const kinds = personaKinds(document.value)
  const keys = Object.keys(objectAt(document.value, ['personas']))
  return [
    ...keys.flatMap((key) => [
      ...keyRule(document, key),
      ...newPersonaRules(document, key),
      ...fromRules(document, key, kinds),
      ...environmentsRule(document, key),
      ...choiceRule(document, key, kinds),
    ]),
    ...groupWordRules(document, kinds),
    ...peopleRules(document, ['coreTeam'], kinds, 'coreTeam'),
  ]
}

/** What ties the team of a project to the personas of its factory. */
export const teamRules = (document: YamlDocument, factory: unknown): readonly DocumentFault[] =>
  peopleRules(document, ['team'], personaKinds(factory), 'project')

/** Are they personas of this kind, and is nobody named twice? */
function peopleRules(
  document: YamlDocument,
  path: Path,
  kinds: ReadonlyMap<string, Kind>,
  wanted: Kind,
): readonly DocumentFault[] {
  const known = [...kinds].filter(([, kind]) => kind === wanted).map(([key]) => key)
  return Object.keys(objectAt(document.value, path)).flatMap((key) =>
    known.includes(key)
      ? duplicates(document, [...path, key])
      : [unknownKey([...path, key], key, document, known)],
  )
}

function keyRule(document: YamlDocument, key: string): readonly DocumentFault[] {
  const path = ['personas', key]
  if (!personaKeyPattern.test(key)) {
    const allowed = '2 to 40 letters and digits that begin with a small letter, such as auditor'
    return [
      brokenRule(document, path, {
        found: quoted(key),
        allowed,
        what: `The persona ${quoted(key)} must be called by ${allowed}: its key is in names.`,
      }),
    ]
  }
  if (kindOfProduct(key) !== 'process' && !reserved.has(key)) return []
  return [
    brokenRule(document, path, {
      found: quoted(key),
      allowed: 'a word that nothing else is called by',
      what: `The persona cannot be called ${quoted(key)}: an identity or a group besides those of personas is. Call it something else.`,
    }),
  ]
}

/** What a persona of the factory's own needs, and one of the product cannot change. */
function newPersonaRules(document: YamlDocument, key: string): readonly DocumentFault[] {
  const path = ['personas', key]
  if (kindOfProduct(key) === undefined) {
    if (valueAt(document.value, [...path, 'title']) !== undefined) return []
    return [
      brokenRule(document, path, {
        found: `no 'title'`,
        allowed: "a 'title'",
        what: `The persona ${quoted(key)} is none of the product's, and needs a 'title' that people call it by. Those of the product: ${[...personaKinds({}).keys()].join(', ')}.`,
      }),
    ]
  }
  if (valueAt(document.value, [...path, 'kind']) === undefined) return []
  return [
    brokenRule(document, [...path, 'kind'], {
      found: "'kind'",
      allowed: 'nothing, for a persona of the product',
      what: `'personas.${key}.kind' cannot be changed: the persona is the product's. Leave it out, or add one of your own.`,
    }),
  ]
}

/** A persona starts from one of its own kind, and in the end from none. */
function fromRules(
  document: YamlDocument,
  key: string,
  kinds: ReadonlyMap<string, Kind>,
): readonly DocumentFault[] {
  const path = ['personas', key, 'from']
  const from = textAt(document.value, path)
  if (from === undefined) return []
  const known = [...kinds]
    .filter(([other, kind]) => kind === kinds.get(key) && other !== key)
    .map(([other]) => other)
  if (!known.includes(from)) {
    return [
      document.fault('value', path, {
        found: quoted(from),
        allowed: `one of ${known.join(', ')}`,
        what: `The persona ${quoted(key)} starts from ${quoted(from)}, which ${kinds.has(from) && from !== key ? 'is of the other kind' : from === key ? 'is itself' : 'is no persona'}. It can start from: ${known.join(', ')}.`,
      }),
    ]
  }
  const way = [key]
  for (
    let next: string | undefined = from;
    next !== undefined;
    next = textAt(document.value, ['personas', next, 'from'])
  ) {
    way.push(next)
    if (next === key) {
      return [
        document.fault('value', path, {
          found: `a circle: ${way.join(' → ')}`,
          allowed: 'a persona that does not start from this one',
          what: `The persona ${quoted(key)} starts from itself: ${way.map(quoted).join(' from ')}. Leave 'from' out at one of them.`,
        }),
      ]
    }
    if (way.length > kinds.size) break
  }
  return []
}

function environmentsRule(document: YamlDocument, key: string): readonly DocumentFault[] {
  const known = keysAt(document.value, ['environments'], environments)
  const path = ['personas', key, 'rights']
  return keysAt(document.value, path, environments)
    .filter((environment) => !known.includes(environment))
    .map((environment) =>
      brokenRule(document, [...path, environment], {
        found: `rights in ${environment}`,
        allowed: `one of ${known.join(', ')}`,
        what: `'personas.${key}' has rights in ${environment}, which this factory does not have. It has: ${known.join(', ') || 'none'}.`,
      }),
    )
}

/** Rights in a project are for those who work in projects, and those in the common area for the core team. */
function choiceRule(
  document: YamlDocument,
  key: string,
  kinds: ReadonlyMap<string, Kind>,
): readonly DocumentFault[] {
  const ofCommonArea = commonChoices.map((choice) => choice.key)
  const ofProjects = choicesOf(catalogue).map((choice) => choice.key)
  const isCore = kinds.get(key) === 'coreTeam'
  const [own, others] = isCore ? [ofCommonArea, ofProjects] : [ofProjects, ofCommonArea]
  return environments.flatMap((environment) => {
    const path = ['personas', key, 'rights', environment]
    return keysAt(document.value, path, others).map((choice) =>
      brokenRule(document, [...path, choice], {
        found: quoted(choice),
        allowed: `one of ${own.join(', ')}`,
        what: `The persona ${quoted(key)} is one of ${isCore ? 'the core team' : 'projects'}, and ${quoted(choice)} is in ${isCore ? 'projects' : 'the common area'}. It can have rights on: ${own.join(', ')}.`,
      }),
    )
  })
}

/** Two personas with the same word would share their groups, and with them what they may do. */
function groupWordRules(document: YamlDocument, kinds: ReadonlyMap<string, Kind>): readonly DocumentFault[] {
  const owners = new Map<string, string>()
  return [...kinds].flatMap(([key, kind]) => {
    const path = ['personas', key, 'group']
    const said = textAt(document.value, path)
    const word = said ?? productWord(key) ?? groupWordOf(key)
    const owner = owners.get(`${kind} ${word}`)
    owners.set(`${kind} ${word}`, owner ?? key)
    if (owner !== undefined) {
      return [
        document.fault(
          'key',
          said === undefined
            ? ['personas', valueAt(document.value, ['personas', key]) === undefined ? owner : key]
            : path,
          {
            found: `the word of ${quoted(owner)}`,
            allowed: 'a word of its own for each persona',
            what: `The groups of ${quoted(owner)} and ${quoted(key)} would both be called by ${quoted(word)}, and be the same. Give one of them another 'group'.`,
          },
        ),
      ]
    }
    if (word.length <= groupWordLength || said !== undefined) return []
    return [
      brokenRule(document, ['personas', key], {
        found: `${quoted(word)} for the names of groups`,
        allowed: `a 'group' of at most ${groupWordLength} characters`,
        what: `The key of the persona ${quoted(key)} is too long for the names of its groups. Give it a 'group' of at most ${groupWordLength} characters.`,
      }),
    ]
  })
}

const productWord = (key: string): string | undefined => {
  const found = Object.entries(productPersonas).find(([known]) => known === key)?.[1]
  return found !== undefined && 'group' in found ? found.group : undefined
}
