// Makes docs/plan.png: the summary of a plan with everything in it, from a run on the sandbox, as GitHub shows it.
//   node scripts/run.mjs scripts/plan-picture.ts [FILE.md]
// It needs a Chromium, which CHROMIUM may name. With a file it writes the Markdown there too.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { startSandbox } from '../sandbox/start.ts'
import { installedChromium, openChromium } from '../test/demo/browser.ts'
import { byHand } from '../test/e2e/support/by-hand.ts'
import { devGroupOf } from '../test/e2e/support/places.ts'
import { inProcess } from '../test/provision-project/in-process.ts'
import { githubPage } from './generated/github-page.ts'

const picture = path.join(import.meta.dirname, '..', 'docs', 'plan.png')
const base = {
  name: 'quality-lab',
  type: 'all',
  description: 'Finds the causes of defects in pictures and reports',
  owner: 'anna@contoso.example',
  team: { lead: ['anna@contoso.example'] },
}

/** Plans a project that has been delivered, after its manifest was changed and others did this and that. */
async function summaryOfPlan(): Promise<string> {
  const sandbox = await startSandbox({ durationScale: 0 })
  const here = inProcess(sandbox, '003')
  try {
    here.write(base)
    await here.network('reserve')
    await here.provision('apply')
    const vault = Object.values(sandbox.state.arm.resources).find(
      ({ id, type }) =>
        type === 'Microsoft.KeyVault/vaults' && id.toLowerCase().startsWith(devGroupOf('003').toLowerCase()),
    )
    if (vault === undefined) throw new Error('The project has no vault.')
    Object.assign(vault.properties ?? {}, { publicNetworkAccess: 'Enabled' })
    const endpoint = `${devGroupOf('003')}/providers/Microsoft.Network/privateEndpoints/${vault.name}-vault-pend`
    await (await byHand(sandbox)).remove(endpoint, '2024-05-01')
    // As earlier releases left it: the stack has the subnets too.
    const [stack] = Object.values(sandbox.state.deployments.stacks)
    for (const { id, type } of Object.values(sandbox.state.arm.resources))
      if (/prj003/.test(id) && /\/(subnets|networkSecurityGroups)$/.test(type))
        stack?.resources.push({ id, status: 'managed' })
    here.write({
      ...base,
      costCenter: 'CC-4711',
      services: { machineLearning: false, cosmosDb: true, aiSearch: { replicas: 2 } },
    })
    return (await here.provision('plan', [])).summary ?? ''
  } finally {
    here.factory.remove()
    await sandbox.close()
  }
}

const markdown = await summaryOfPlan()
const [file] = process.argv.slice(2)
if (file !== undefined) writeFileSync(file, markdown)
if (installedChromium === undefined) throw new Error('There is no Chromium; name one in CHROMIUM.')
const browser = await openChromium(installedChromium)
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 })
await page.setContent(githubPage(markdown))
// What it costs and what is used is part of the picture; all else stays folded.
await page.locator('details', { hasText: /^(Estimated cost|Limits)/ }).evaluateAll((folded) => {
  for (const details of folded) details.setAttribute('open', '')
})
await page.screenshot({ path: picture, fullPage: true })
await browser.close()
