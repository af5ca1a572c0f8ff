/** Text as one argument of a command for a POSIX shell, for commands that people copy. */
export const shellArgument = (text: string): string => (/^[\w./:@=-]+$/.test(text) ? text : shellQuoted(text))

/** The same, in quotation marks whatever it is. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
