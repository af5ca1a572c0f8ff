import { keysOf } from '../by-key.ts'
import { type Catalogue, catalogue, type ServiceKey } from '../catalog/index.ts'
import { type Environment, environments, type ProjectType } from '../vocabulary.ts'

/**
 * What the options of the issue form mean. These texts are a contract with every bootstrap repository: a form may
 * leave options out, but an option it shows has to be written exactly like this.
 */
export const projectTypeChoices = {
  'AI applications and agents (genai-1)': 'genai-1',
  'Machine learning (esml)': 'esml',
  'Both AI applications and machine learning (all)': 'all',
} as const satisfies Record<string, ProjectType>

/** See {@link projectTypeChoices}. */
export const environmentChoices = {
  Dev: 'dev',
  Stage: 'stage',
  Prod: 'prod',
} as const satisfies Record<string, Environment>

/** The word of the vocabulary that each option stands for. */
export type Choices<Word extends string> = Readonly<Record<string, Word>>

/** What the services of the catalogue are called in forms, those of earlier releases last. See {@link projectTypeChoices}. */
export const serviceChoices = ({
  services,
}: Pick<Catalogue, 'services'> = catalogue): Choices<ServiceKey> => {
  const keys = keysOf(services)
  return Object.fromEntries([
    ...keys.map((key) => [services[key].formLabel, key] as const),
    ...keys.flatMap((key) => services[key].formerLabels.map((label) => [label, key] as const)),
  ])
}

/** The words that the chosen options stand for, in the order of the table. */
export function wordsOf<Word extends string>(
  choices: Choices<Word>,
  chosen: readonly string[],
): readonly Word[] {
  const words = Object.entries(choices).flatMap(([option, word]) => (chosen.includes(option) ? [word] : []))
  return [...new Set(Object.values(choices))].filter((word) => words.includes(word))
}

/** Environments in the order of delivery. */
export const inOrderOfDelivery = (chosen: readonly Environment[]): readonly Environment[] =>
  environments.filter((environment) => chosen.includes(environment))

/** The option that stands for a word. */
export const optionFor = <Word extends string>(choices: Choices<Word>, word: Word): string =>
  Object.keys(choices).find((option) => choices[option] === word) ?? word
