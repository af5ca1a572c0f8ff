await import('./start-times.ts')
await import('./growth.ts')

export {}
