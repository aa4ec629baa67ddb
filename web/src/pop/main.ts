import { type CtiClient, CtiProblem, CtiSignedOut, createClient, type ScreenPop } from '../../../client/src/index.js'
import { POP_STATE } from '../text/pop-words.js'
import '../styles/tokens.css'
import './pop.css'
import { WorkWindow } from './work-window.js'

/**
 * The local link for foreign systems: an agent keeps this page open, and each call's pop opens the page that the centre's URL template names
 * (`popTarget`). It gives no commands, so it takes nothing away from the agent's own client.
 */
const client: CtiClient = createClient({ session: 'cookie' })
const work = new WorkWindow()
/** Opened last: a reload or a late context does not open the same page twice. */
const LAST = 'cti120.pop'

const part = <T extends HTMLElement>(selector: string): T => {
  const found = document.querySelector<T>(selector)
  if (found === null) throw new Error(`the page has no ${selector}`)
  return found
}
const form = part<HTMLFormElement>('#sign-in')

function tell(state: keyof typeof POP_STATE): void {
  part('main').dataset.state = state
  part('#state').textContent = `${POP_STATE[state].ko} ${POP_STATE[state].en}`
  form.hidden = state !== 'signed_out' && state !== 'wrong_password'
  part('#allow').hidden = form.hidden === false
}

function show(pop: ScreenPop): void {
  const { popTarget } = pop
  if (popTarget === undefined) {
    tell('no_target')
    return
  }
  const what = `${pop.reservationId} ${popTarget}`
  if (sessionStorage.getItem(LAST) === what) return
  const link = part<HTMLAnchorElement>('#last a')
  link.href = popTarget
  link.textContent = `${pop.queueLabel.ko} · ${pop.callerName ?? pop.caller ?? ''}`
  part('#last').hidden = false
  if (!work.open(popTarget)) {
    tell('blocked')
    return
  }
  sessionStorage.setItem(LAST, what)
  tell('live')
}

function listen(me: string): void {
  client.events({
    subscribe: ['screenpop.*'],
    onSnapshot: ({ pop }) => {
      if (pop !== undefined) show(pop)
    },
    onEvent: (event) => {
      const isPop = event.type === 'screenpop.created' || event.type === 'screenpop.updated'
      // Who supervises sees the others' pops, too.
      if (isPop && event.data.agentId === me) show(event.data.pop)
    },
    onState: (state, why) => {
      if (why?.signedOut) tell('signed_out')
      else if (state === 'live') tell('live')
      else if (state !== 'closed') tell('offline')
    },
  })
}

async function start(): Promise<void> {
  try {
    listen((await client.restore()).user.id)
  } catch (error) {
    if (error instanceof CtiSignedOut) tell('signed_out')
    else {
      tell('offline')
      setTimeout(() => void start(), 3_000)
    }
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const given = new FormData(form)
  client
    .signIn(String(given.get('username')), String(given.get('password')))
    .then(({ user }) => listen(user.id))
    .catch((error: unknown) => tell(error instanceof CtiProblem ? 'wrong_password' : 'offline'))
})
part('#allow button').addEventListener('click', () => {
  const { href } = part<HTMLAnchorElement>('#last a')
  if (work.open(href)) tell('live')
})
tell('offline')
void start()
