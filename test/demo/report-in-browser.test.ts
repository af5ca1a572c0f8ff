import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { renderReport } from '../../demo/report/report.ts'
import { installedChromium, openChromium } from './browser.ts'
import { deliveryRecords } from './records.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'report-'))
const address = pathToFileURL(path.join(folder, 'report.html')).href

const sizes = [
  { width: 390, height: 844 },
  { width: 1280, height: 900 },
]
const colourSchemes = ['light', 'dark'] as const

/** How much wider than the window the page is. */
const overflow = 'document.documentElement.scrollWidth - window.innerWidth'

/**
 * Texts whose contrast with what is behind them is below 4.5 to 1.
 * https://www.w3.org/TR/WCAG22/#contrast-minimum
 */
const faintTexts = `(() => {
  const channels = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number)
  const luminance = (colour) => {
    const [r, g, b] = channels(colour).slice(0, 3).map((value) => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor
      if ((channels(colour)[3] ?? 1) > 0) return colour
    }
    return 'rgb(255, 255, 255)'
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const faint = []
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement
    if (texts.currentNode.data.trim() === '' || element.closest('svg') || !element.checkVisibility()) continue
    const [one, other] = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort()
    const ratio = (other + 0.05) / (one + 0.05)
    if (ratio < 4.5) faint.push(texts.currentNode.data.trim() + ' ' + ratio.toFixed(2))
  }
  return faint
})()`

if (installedChromium === undefined) {
  console.warn(
    'Skipped: the report was not opened in a browser, because no Chromium was found. Set CHROMIUM to the path of one.',
  )
}

const whenInstalled = installedChromium === undefined ? describe.skip : describe

whenInstalled('The report in a browser (skipped when no Chromium is found)', () => {
  let browser: Browser

  beforeAll(async () => {
    writeFileSync(path.join(folder, 'report.html'), renderReport(deliveryRecords()))
    browser = await openChromium(installedChromium ?? '')
  })
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  /** Opens the report, lets `look` see it, and closes it. */
  async function inPage(
    options: NonNullable<Parameters<Browser['newPage']>[0]>,
    look: (page: Page) => Promise<void>,
  ): Promise<void> {
    const page = await browser.newPage(options)
    try {
      await look(page)
    } finally {
      await page.close()
    }
  }

  test('asks for nothing but itself, and the browser has nothing to complain about', async () => {
    await inPage({}, async (page) => {
      const requests: string[] = []
      const complaints: string[] = []
      page.on('request', (request) => requests.push(request.url()))
      page.on('console', (message) => complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.goto(address, { waitUntil: 'networkidle' })
      expect(requests).toEqual([address])
      expect(complaints).toEqual([])
    })
  })

  test('can be read without scripts, one environment at a time, and with the keyboard alone', async () => {
    await inPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(address)
      const shown = page.locator('.panel:visible > h2')
      expect(await shown.allTextContents()).toEqual(['Dev'])
      await page.getByText('Stage', { exact: true }).locator('visible=true').last().click()
      expect(await shown.allTextContents()).toEqual(['Stage'])
      await page.keyboard.press('ArrowRight')
      expect(await shown.allTextContents()).toEqual(['Prod'])
    })
  })

  test('has headings, tables with headings in both directions, and a picture with a name', async () => {
    await inPage({}, async (page) => {
      await page.goto(address)
      expect(await page.getByRole('heading', { level: 1 }).allTextContents()).toEqual([
        'Project 001 · rag-chat',
      ])
      const sections = await page
        .locator('.panel:visible')
        .getByRole('heading', { level: 3 })
        .allTextContents()
      expect(sections).toEqual([
        'Failures and warnings',
        'Network',
        'Resources',
        'People and roles',
        'Data lake',
      ])
      const tables = page.locator('.panel:visible').getByRole('table')
      expect(await tables.count()).toBe(6)
      for (const table of await tables.all()) {
        expect(await table.getByRole('columnheader').count()).toBeGreaterThan(1)
        expect(await table.getByRole('rowheader').count()).toBeGreaterThan(1)
      }
      expect(
        await page.getByRole('img', { name: 'Address space of VNet vnt-esmlcmn-sdc-dev-001' }).count(),
      ).toBe(1)
    })
  })

  test.each(sizes)('is no wider than a window of $width pixels, in any environment', async (viewport) => {
    await inPage({ viewport }, async (page) => {
      await page.goto(address)
      for (const label of await page.locator('.tabs label').all()) {
        await label.click()
        for (const summary of await page.locator('.panel:visible summary').all()) await summary.click()
        expect(await page.evaluate(overflow)).toBe(0)
      }
    })
  })

  test.each(colourSchemes)('has no faint text in %s colours', async (colorScheme) => {
    await inPage({ colorScheme }, async (page) => {
      await page.goto(address)
      for (const summary of await page.locator('.panel:visible summary').all()) await summary.click()
      expect(await page.evaluate(faintTexts)).toEqual([])
    })
  })

  test('shows all environments on paper', async () => {
    await inPage({}, async (page) => {
      await page.goto(address)
      await page.emulateMedia({ media: 'print' })
      expect(await page.locator('.panel:visible > h2').allTextContents()).toEqual(['Dev', 'Stage', 'Prod'])
    })
  })
})
