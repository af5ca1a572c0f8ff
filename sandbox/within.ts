/** Whether an id is that of a scope, or of something in it. Ids are the same whatever their case. */
export const isWithin = (id: string, scope: string): boolean =>
  `${id}/`.toLowerCase().startsWith(`${scope}/`.toLowerCase())
