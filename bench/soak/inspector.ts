import WebSocket from 'ws'

/** What lives in a Node process after a garbage collection. */
export interface Living {
  /** Listeners of all event emitters. */
  readonly listeners: number
  /** Event emitters: sockets, streams, clients. */
  readonly emitters: number
  /** MB */
  readonly heapMb: number
}

/** Counts listeners in the process that is looked into; `this` is the array of all event emitters. */
const COUNT = `function () {
  const count = (emitter) => emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0)
  let listeners = 0
  for (const emitter of this) {
    // Prototypes are emitters, too, but were never set up.
    try { listeners += count(emitter) } catch {}
  }
  return { listeners, emitters: this.length, heapMb: process.memoryUsage().heapUsed / 1048576 }
}`

interface Remote {
  readonly result: { readonly objectId?: string; readonly value?: unknown }
}

/**
 * Looks into a process that was started with --inspect. Asking for objects collects garbage first, so what is counted is held by somebody.
 * @throws Error when the process does not answer as an inspector does
 */
export async function lookInside(port: number): Promise<Living> {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    webSocketDebuggerUrl: string
  }[]
  if (target === undefined) throw new Error('nothing to look into')
  const socket = new WebSocket(target.webSocketDebuggerUrl, { perMessageDeflate: false, maxPayload: 2 ** 28 })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  let last = 0
  const ask = <T>(method: string, params: object): Promise<T> => {
    const id = ++last
    return new Promise((resolve, reject) => {
      const onMessage = (data: unknown) => {
        const answer = JSON.parse(String(data)) as { id?: number; result?: T; error?: { message: string } }
        if (answer.id !== id) return
        socket.off('message', onMessage)
        if (answer.result === undefined) reject(new Error(`${method}: ${answer.error?.message}`))
        else resolve(answer.result)
      }
      socket.on('message', onMessage)
      socket.send(JSON.stringify({ id, method, params }))
    })
  }
  try {
    const prototype = await ask<Remote>('Runtime.evaluate', {
      expression: `process.getBuiltinModule('node:events').EventEmitter.prototype`,
      objectGroup: 'soak',
    })
    const { objects } = await ask<{ objects: { objectId: string } }>('Runtime.queryObjects', {
      prototypeObjectId: prototype.result.objectId,
      objectGroup: 'soak',
    })
    const counted = await ask<Remote>('Runtime.callFunctionOn', {
      objectId: objects.objectId,
      functionDeclaration: COUNT,
      returnByValue: true,
    })
    await ask('Runtime.releaseObjectGroup', { objectGroup: 'soak' })
    return counted.result.value as Living
  } finally {
    socket.terminate()
  }
}
