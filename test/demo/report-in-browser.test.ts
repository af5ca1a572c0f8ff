import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { renderReport } from '../../src/report/page.ts'
import { installedChromium, openChromium } from './browser.ts'
import { delivered, failing, requestRun } from './records.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'report-'))
const address = pathToFileURL(path.join(folder, 'report.html')).href

const sizes = [
  { width: 390, height: 844 },
  { width: 1280, height: 900 },
]
const colourSchemes = ['light', 'dark'] as const

/** How much wider than the window the page is. */
const overflow = 'document.documentElement.scrollWidth - window.innerWidth'

/** Texts and bars that are cut at the edge of the window or of a box which hides what does not fit. */
const cutTexts = `(() => {
  const cut = []
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement
    if (texts.currentNode.data.trim() === '' || element.closest('.hidden, title, desc, style') || !element.checkVisibility()) continue
    const range = document.createRange()
    range.selectNodeContents(texts.currentNode)
    for (const { left, right, width } of range.getClientRects())
      if (width > 0 && (left < -0.5 || right > window.innerWidth + 0.5)) cut.push(texts.currentNode.data.trim())
  }
  return cut
})()`

/**
 * Texts with something else over them, wherever the page is scrolled to: what the browser finds at the middle of a text
 * is the text's own element, or one inside it.
 */
const coveredTexts = `(() => {
  const covered = []
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement
    if (texts.currentNode.data.trim() === '' || element.closest('.hidden, svg') || !element.checkVisibility()) continue
    const range = document.createRange()
    range.selectNodeContents(texts.currentNode)
    const [{ left, top, width, height } = { width: 0 }] = range.getClientRects()
    const [x, y] = [left + Math.min(width / 2, 20), top + height / 2]
    if (width === 0 || y < 0 || y > window.innerHeight || x < 0 || x > window.innerWidth) continue
    const found = document.elementFromPoint(x, y)
    if (found !== null && !element.contains(found) && !found.contains(element)) covered.push(texts.currentNode.data.trim())
  }
  return covered
})()`

/** The bars of the drawing that is shown, each with the texts inside it. */
const labelsOfBars = `(() => {
  const svg = [...document.querySelectorAll('.panel svg.vnet-map')].find((each) => each.checkVisibility())
  return [...svg.querySelectorAll('g')].map((bar) => {
    const { left, right } = bar.querySelector('rect').getBoundingClientRect()
    return [...bar.querySelectorAll('text')].map((text) => ({
      text: text.textContent,
      fits: text.getBoundingClientRect().left >= left && text.getBoundingClientRect().right <= right,
      height: text.getBoundingClientRect().height,
    }))
  })
})()`

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
    writeFileSync(path.join(folder, 'report.html'), renderReport(delivered))
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
        'Warnings',
        'What changed',
        'Cost',
        'Limits',
        'Network',
        'Resources',
        'People and roles',
        'Data lake',
      ])
      const tables = page.locator('.panel:visible').getByRole('table')
      expect(await tables.count()).toBeGreaterThanOrEqual(8)
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
        if (viewport.width < 640) expect(await page.evaluate(cutTexts)).toEqual([])
      }
    })
  })

  test.each(sizes)(
    'covers no text with anything while it is scrolled, $width pixels wide',
    async (viewport) => {
      await inPage({ viewport }, async (page) => {
        await page.goto(address)
        const height = Number(await page.evaluate('document.documentElement.scrollHeight'))
        for (let y = 0; y < height; y += 300) {
          await page.evaluate(`window.scrollTo(0, ${y})`)
          expect(await page.evaluate(coveredTexts)).toEqual([])
        }
      })
    },
  )

  test('shows the VNet on a phone as bars with labels that can be read', async () => {
    await inPage({ viewport: { width: 390, height: 844 } }, async (page) => {
      await page.goto(address)
      const bars: readonly (readonly { text: string; fits: boolean; height: number }[])[] =
        await page.evaluate(labelsOfBars)
      expect(bars.length).toBeGreaterThan(3)
      for (const labels of bars) {
        expect(labels.map(({ fits }) => fits)).toEqual([true, true])
        for (const { height } of labels) expect(height).toBeGreaterThan(9)
      }
      expect(bars.flat().map(({ text }) => text)).toContain('snt-prj001-genai · new')
    })
  })

  test.each(sizes)('begins with the cause when the run failed, $width pixels wide', async (viewport) => {
    const file = path.join(folder, 'failed.html')
    const [check = requestRun] = delivered.runs.filter(({ mode }) => mode === 'check')
    const failure = { what: `No quota. ${'x'.repeat(300)}`, fix: 'Ask for more.' }
    writeFileSync(file, renderReport({ ...delivered, runs: [requestRun, failing(check, failure)] }))
    await inPage({ viewport }, async (page) => {
      await page.goto(pathToFileURL(file).href)
      const cause = await page.getByText('No quota.').first().boundingBox()
      expect(cause?.y).toBeLessThan(viewport.height / 2 + 100)
      expect(await page.evaluate(overflow)).toBe(0)
      expect(await page.evaluate(cutTexts)).toEqual([])
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
