// What webpack reports about a bundle (ncc's --stats-out): every module that it put into a file, and who imports it.
import { z } from 'zod'

/** One module of a bundle. Joined modules are listed inside the one that they were joined to. */
interface BundledModule {
  /** The file it was read from; absent for what webpack made up itself. */
  readonly nameForCondition?: string | null | undefined
  readonly reasons?: readonly { readonly resolvedModule?: string | null | undefined }[] | undefined
  readonly modules?: readonly BundledModule[] | undefined
}

const text = z.string().nullish()
const moduleSchema: z.ZodType<BundledModule> = z.object({
  nameForCondition: text,
  reasons: z.array(z.object({ resolvedModule: text })).optional(),
  get modules() {
    return z.array(moduleSchema).optional()
  },
})
const statsSchema = z.object({ modules: z.array(moduleSchema).min(1) })

const everyModule = (modules: readonly BundledModule[]): readonly BundledModule[] =>
  modules.flatMap((module) => [module, ...everyModule(module.modules ?? [])])

/** A file of which there is code in a bundle. */
export interface BundledFile {
  readonly file: string
  /** The modules that import it, as webpack names them: relative paths. */
  readonly importers: readonly string[]
}

const slashes = (file: string): string => file.replaceAll('\\', '/')

/**
 * The files that a bundle is made of, each as often as webpack lists it.
 * @param stats webpack's statistics of it
 */
export const bundledFiles = (stats: unknown): readonly BundledFile[] =>
  everyModule(statsSchema.parse(stats).modules).flatMap(({ nameForCondition, reasons = [] }) =>
    nameForCondition === undefined || nameForCondition === null
      ? []
      : [
          {
            file: slashes(nameForCondition),
            importers: reasons.flatMap(({ resolvedModule }) => slashes(resolvedModule ?? '') || []),
          },
        ],
  )
