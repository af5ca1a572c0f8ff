import type { LogLine } from '../sandbox/runner/commands.ts'

const colours = process.stdout.isTTY && process.env['NO_COLOR'] === undefined
const paint = (code: number, text: string): string => (colours ? `\u001b[${code}m${text}\u001b[0m` : text)

/** Bold text. */
export const bold = (text: string): string => paint(1, text)
/** Faint text. */
export const faint = (text: string): string => paint(2, text)
/** Red text. */
export const red = (text: string): string => paint(31, text)
/** Green text. */
export const green = (text: string): string => paint(32, text)

/** Prints one line. */
export const say = (line = ''): void => {
  process.stdout.write(`${line}\n`)
}

/** Shows what an action says while it works: its progress faintly, its warnings and errors plainly. */
export function showLine(line: LogLine): void {
  switch (line.kind) {
    case 'error':
      say(`      ${red('error')} ${line.text}`)
      break
    case 'warning':
      say(`      warning ${line.text}`)
      break
    case 'notice':
    case 'text':
      if (line.text.trim() !== '') say(faint(`      ${line.text}`))
      break
    default:
  }
}

/** Milliseconds in words. */
export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`
