// The modules that stand in a bundle for what is left out of it: their exports fail as soon as somebody uses one.
import ts from 'typescript'
import { bundledFiles } from './bundle-stats.ts'
import type { LeftOutPackage, PackageInPart } from './left-out.ts'

/** @param construct what becomes of `new`: the name of a function */
const standIn = (what: string, exports: readonly string[], construct: 'fail' | '() => missing'): string =>
  [
    `const fail = () => { throw new Error(${JSON.stringify(`${what} is not part of this bundle.`)}) }`,
    `const missing = new Proxy(function () {}, { get: fail, apply: fail, construct: ${construct} })`,
    `export { ${exports.map((name) => `missing as ${name}`).join(', ')} }`,
    '',
  ].join('\n')

/** The module that stands for a package. */
export const standInOfPackage = ({ name, purpose, exports }: LeftOutPackage): string =>
  standIn(`The package '${name}' (${purpose})`, exports, 'fail')

/**
 * The module that stands for one of a package. Clients construct others that nobody calls, so that may be done.
 * @param module of the package
 * @param code of that module
 */
export const standInOfModule = ({ name, purpose }: PackageInPart, module: string, code: string): string =>
  standIn(`'${module}' of the package '${name}' (${purpose})`, exportedNames(code), '() => missing')

const hasModifier = (statement: ts.Statement, modifier: ts.SyntaxKind): boolean =>
  ts.canHaveModifiers(statement) && (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === modifier)

/** The names that one statement of a module exports. */
function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isExportDeclaration(statement)) {
    const clause = statement.exportClause
    if (clause === undefined)
      throw new Error(`Only the module itself knows what it exports: ${statement.getText()}`)
    return ts.isNamedExports(clause) ? clause.elements.map(({ name }) => name.text) : [clause.name.text]
  }
  if (ts.isExportAssignment(statement) || hasModifier(statement, ts.SyntaxKind.DefaultKeyword))
    return ['default']
  if (!hasModifier(statement, ts.SyntaxKind.ExportKeyword)) return []
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText())
  }
  const isNamed = ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)
  return isNamed && statement.name !== undefined ? [statement.name.text] : []
}

/** What a module exports. */
const exportedNames = (code: string): readonly string[] =>
  ts
    .createSourceFile('module.js', code, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS)
    .statements.flatMap(namesOf)

/** The file of a package's stand-in, in the folder of all of them. */
export const standInFile = ({ name }: LeftOutPackage): string => `${name.replaceAll('/', '-')}.js`

/**
 * Those that a bundle cannot do without: others than the named module import them too.
 * @param stats webpack's statistics of the bundle
 * @param folder of the stand-ins
 */
export function neededAfterAll(
  stats: unknown,
  folder: string,
  candidates: readonly LeftOutPackage[],
): readonly LeftOutPackage[] {
  const files = bundledFiles(stats)
  return candidates.filter((candidate) =>
    files
      .filter(({ file }) => file.endsWith(`/${folder}/${standInFile(candidate)}`))
      .flatMap(({ importers }) => importers)
      .some((importer) => !importer.endsWith(`node_modules/${candidate.importedBy}`)),
  )
}
