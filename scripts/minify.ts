// Minifies a bundled file, for everything a runner downloads counts. What an engineer needs to understand a stack trace
// stays: the names of functions and classes, no function is joined to its caller, and no line is endless (Node prints
// the line of an error that nobody caught). Comments go; the licences among them are in licenses.txt.
import { minifySync } from '@swc/core'
import ts from 'typescript'

const names = { keep_classnames: true, keep_fnames: true }
const options = {
  module: true,
  compress: {
    ...names,
    inline: 0,
    reduce_funcs: false,
    reduce_vars: false,
    collapse_vars: false,
    sequences: false,
  },
  mangle: names,
  format: { comments: false },
} as const

/** A line is broken at the first place after this many characters. */
const lineLength = 500

/** Lists in which a line break before a member means nothing. */
function membersOf(node: ts.Node): readonly ts.Node[] {
  if (ts.isSourceFile(node) || ts.isBlock(node) || ts.isCaseOrDefaultClause(node)) return node.statements
  if (ts.isClassLike(node)) return node.members
  if (ts.isObjectLiteralExpression(node)) return node.properties
  if (ts.isArrayLiteralExpression(node)) return node.elements
  if (ts.isVariableDeclarationList(node)) return node.declarations
  return []
}

/** Where a line may be broken, in the order of the text. */
function breakingPoints(code: string): readonly number[] {
  const file = ts.createSourceFile('bundle.js', code, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS)
  const points: number[] = []
  const visit = (node: ts.Node): void => {
    for (const member of membersOf(node)) points.push(member.getStart(file))
    ts.forEachChild(node, visit)
  }
  visit(file)
  return points.sort((a, b) => a - b)
}

function breakLines(code: string): string {
  const lines: string[] = []
  let start = 0
  for (const point of breakingPoints(code)) {
    if (point - start < lineLength) continue
    lines.push(code.slice(start, point))
    start = point
  }
  return `${[...lines, code.slice(start)].join('\n').trimEnd()}\n`
}

/**
 * The same module in fewer characters. The same text gives the same result on every machine.
 * @param code of an ECMAScript module
 */
export const minify = (code: string): string => breakLines(minifySync(code, options).code)
