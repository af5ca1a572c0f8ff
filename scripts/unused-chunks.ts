/** The chunks that a script loads: webpack's `__webpack_require__.e(ID)`, whatever the first part is called now. */
const chunksLoadedBy = (code: string): readonly string[] =>
  [...code.matchAll(/\.e\((\d+)\)/g)].map(([, id]) => `${id}.index.js`)

/**
 * The files of a bundle that nothing loads any more, because what would have loaded them was itself unused.
 * @param scripts the files and their code, the entry among them as `index.js`
 */
export function unusedChunks(scripts: ReadonlyMap<string, string>): readonly string[] {
  const used = new Set<string>()
  const visit = (file: string): void => {
    if (used.has(file)) return
    used.add(file)
    for (const chunk of chunksLoadedBy(scripts.get(file) ?? '')) visit(chunk)
  }
  visit('index.js')
  return [...scripts.keys()].filter((file) => !used.has(file))
}
