export * from './access.js'
export * from './centre.js'
export * from './context.js'
export * from './record.js'
