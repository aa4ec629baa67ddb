/** The part of asterisk-manager 0.2 that is used; the package has no types. */
declare module 'asterisk-manager' {
  interface Manager {
    connect(port: number, host: string, connected: (error: Error | null) => void): void
    login(done: (error?: unknown) => void): void
    action(fields: Record<string, string>, done: (error: unknown, reply: unknown) => void): string
    disconnect(done?: () => void): void
    on(event: 'rawevent', listener: (message: Record<string, unknown>) => void): void
    on(event: 'error', listener: (error: Error & { code?: string }) => void): void
    on(event: 'close', listener: () => void): void
    removeAllListeners(event: string): void
  }
  function createManager(port: undefined, host: string, user: string, password: string, events: boolean): Manager
  export = createManager
}
