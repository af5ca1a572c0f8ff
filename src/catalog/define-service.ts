import { z } from 'zod'
import type { Environment } from '../vocabulary.ts'
import type { ServiceContext, ServiceDefinition } from './types.ts'

/** A service as its file writes it: the options as named zod types, each with a description for editors. */
interface ServiceSource<Shape extends z.ZodRawShape>
  extends Omit<ServiceDefinition, 'options' | 'defaults' | 'resources'> {
  readonly options: Shape
  readonly defaults: Readonly<Record<Environment, z.output<z.ZodObject<Shape>>>>
  readonly resources: (
    context: ServiceContext<z.output<z.ZodObject<Shape>>>,
  ) => ReturnType<ServiceDefinition['resources']>
}

/**
 * Makes a service of the catalogue. Inside its file the options have their own types; to the rest of the project all
 * services look alike, and their resources are made from options that are parsed again.
 */
export function defineService<Shape extends z.ZodRawShape>(source: ServiceSource<Shape>): ServiceDefinition {
  const complete = z.strictObject(source.options)
  return {
    ...source,
    options: complete.partial(),
    resources: (context) => source.resources({ ...context, options: complete.parse(context.options) }),
  }
}
