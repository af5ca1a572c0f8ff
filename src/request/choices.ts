import { type Environment, environments, type ProjectType, type ServiceKey } from '../vocabulary.ts'

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

/** See {@link projectTypeChoices}. */
export const serviceChoices = {
  'Azure AI Foundry (language models and agents)': 'aiFoundry',
  'Azure AI Search (find the right passages in your own documents)': 'aiSearch',
  'Azure Cosmos DB (database for conversations and documents)': 'cosmosDb',
  'Azure Machine Learning (train and run your own models)': 'machineLearning',
} as const satisfies Record<string, ServiceKey>

/** The word of the vocabulary that each option stands for. */
export type Choices<Word extends string> = Readonly<Record<string, Word>>

/** The words that the chosen options stand for, in the order of the table. */
export function wordsOf<Word extends string>(
  choices: Choices<Word>,
  chosen: readonly string[],
): readonly Word[] {
  return Object.entries(choices).flatMap(([option, word]) => (chosen.includes(option) ? [word] : []))
}

/** Environments in the order of delivery. */
export const inOrderOfDelivery = (chosen: readonly Environment[]): readonly Environment[] =>
  environments.filter((environment) => chosen.includes(environment))

/** The option that stands for a word. */
export const optionFor = <Word extends string>(choices: Choices<Word>, word: Word): string =>
  Object.keys(choices).find((option) => choices[option] === word) ?? word
