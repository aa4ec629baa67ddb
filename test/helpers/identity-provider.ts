import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** An identity provider in a process of its own (oidc-provider, certified), on loopback. */
export interface IdentityProvider {
  readonly issuer: string
  stop(): Promise<void>
}

export const CLIENT_ID = 'cti120'
export const CLIENT_SECRET = 'a secret between the server and its provider'

export async function startIdentityProvider(port: number, redirectUrl: string): Promise<IdentityProvider> {
  const issuer = `http://127.0.0.1:${port}`
  const file = fileURLToPath(new URL('identity-provider-process.js', import.meta.url))
  const child: ChildProcess = fork(file, [issuer, String(port), redirectUrl, CLIENT_ID, CLIENT_SECRET], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  await Promise.race([
    once(child, 'message'),
    exited.then(() => {
      throw new Error('the identity provider has ended')
    }),
  ])
  return {
    issuer,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** A browser at the provider: keeps its cookies, follows its redirects, fills its forms in. */
export class ProviderBrowser {
  private readonly cookies = new Map<string, string>()

  /**
   * Signs `login` in from the address that our server sent the browser to.
   * @param deny true: the person goes back instead
   * @returns where the provider sends the browser in the end
   */
  async signIn(start: string, login: string, deny = false): Promise<string> {
    const issuer = new URL(start).origin
    let answer = await this.go(start)
    for (let step = 0; step < 12; step++) {
      const location = answer.headers.get('location')
      if (location !== null) {
        const next = new URL(location, issuer)
        if (next.origin !== issuer) return next.href
        answer = await this.go(next.href)
        continue
      }
      const page = await answer.text()
      const form = /action="([^"]+)"/.exec(page)?.[1]
      if (form === undefined) throw new Error(`the provider shows no form:\n${page.slice(0, 500)}`)
      const abort = /href="([^"]*abort)"/.exec(page)?.[1]
      if (deny && abort !== undefined) {
        answer = await this.go(new URL(abort, issuer).href)
        continue
      }
      const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1] ?? 'login'
      answer = await this.go(new URL(form, issuer).href, new URLSearchParams({ prompt, login, password: 'any' }))
    }
    throw new Error('the provider sends the browser round in a circle')
  }

  private async go(url: string, form?: URLSearchParams): Promise<Response> {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: form }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      this.cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return answer
  }
}
