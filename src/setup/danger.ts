/** Something that set-up has not made and does not take away, and that somebody should look at. */
export interface Danger {
  /** A fault reaches another environment, or lets others in; a warning may be meant. */
  readonly severity: 'fault' | 'warning'
  readonly what: string
  readonly fix: string
}
