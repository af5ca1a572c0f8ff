import { asPlatformTeam } from '../../setup/platform-team.ts'
import { type SetupRun, settingUpIn } from '../../setup/setting-up.ts'
import type { Factory } from './factory.ts'

const factoryFile = 'aifactory/factory.yml'

/** A set-up that has run, and can be run again. */
interface SetUp extends SetupRun {
  readonly again: () => Promise<SetupRun>
}

/** Lets an administrator run set-up on a factory, as after an update of AI Factory Actions. */
export async function setUpBy({ sandbox, repository }: Factory): Promise<SetUp> {
  await asPlatformTeam(sandbox, [
    'Privileged Role Administrator',
    'Groups Administrator',
    'Application Administrator',
  ])
  const text = repository.read(factoryFile)
  const named = text.includes('repository:')
    ? text
    : text.replace('tags:', 'repository: contoso/ai-factory\ntags:')
  const settingUp = settingUpIn(sandbox, named)
  const run = await settingUp.run()
  repository.write(factoryFile, settingUp.read())
  return { ...run, again: settingUp.run }
}
