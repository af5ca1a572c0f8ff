await import('./start-times.ts')
await import('./calls.ts')
await import('./members.ts')
await import('./growth.ts')
await import('./planning.ts')
await import('./validation.ts')

export {}
