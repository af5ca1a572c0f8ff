/** A count as people read it: `65,536`. */
export const grouped = (count: number): string => count.toLocaleString('en')
