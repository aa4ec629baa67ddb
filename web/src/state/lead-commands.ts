import type { MessageRequest, PresenceRequest, SupervisionMode } from '../../../client/src/generated/contracts.js'
import type { SupervisionCommand } from '../../../client/src/live/beside.js'
import { beside, ownListening, readHelp, readListeners, takeListener } from './beside.js'
import { run } from './commands.js'
import { takeAnswer } from './live.js'
import { notify } from './notices.js'
import { server } from './server.js'

/** Pause between two looks at whether the own phone was answered, ms: no event tells that it was not. */
const LOOK_MS = 1_000

export function superviseCommand(contactId: string, command: SupervisionCommand): Promise<boolean> {
  return run(`supervise-${command}`, async () => {
    try {
      await obey(contactId, command)
    } catch (error) {
      void readListeners(contactId)
      throw error
    }
  })
}

async function obey(contactId: string, command: SupervisionCommand): Promise<void> {
  if (command === 'take-over') await server.lead.takeOver(contactId)
  else if (command === 'end') await server.lead.endSupervision(contactId)
  else return listen(contactId, command)
  await readListeners(contactId)
}

async function listen(contactId: string, mode: SupervisionMode): Promise<void> {
  const own = ownListening.value
  if (own?.contactId === contactId) {
    await server.lead.switchSupervision(contactId, mode)
    return readListeners(contactId)
  }
  const begun = await server.lead.supervise(contactId, mode)
  if (!begun) return readListeners(contactId)
  takeListener(begun)
  setTimeout(() => void lookAgain(begun.id, contactId), LOOK_MS)
}

async function lookAgain(id: string, contactId: string): Promise<void> {
  if (beside.value.supervisions.get(id)?.state !== 'ringing') return
  await readListeners(contactId)
  const now = beside.value.supervisions.get(id)
  if (now?.state === 'ringing') setTimeout(() => void lookAgain(id, contactId), LOOK_MS)
  if (!now) {
    notify('warn', {
      ko: '전화기를 받지 않았거나 통화가 끝나, 청취를 시작하지 못했습니다.',
      en: 'Not begun: your phone was not answered, or the call is over.',
    })
  }
}

export function askForHelp(contactId: string, note: string): Promise<boolean> {
  return run('ask-help', async () => {
    const asked = await server.lead.askForHelp(contactId, note.trim() === '' ? undefined : note.trim())
    // Asked before, in another window; otherwise the event tells.
    if (!asked) await readHelp(contactId)
  })
}

export function withdrawHelp(contactId: string): Promise<boolean> {
  return run('withdraw-help', () => server.lead.withdrawHelp(contactId))
}

export function answerHelp(contactId: string): Promise<boolean> {
  return run(`answer-help.${contactId}`, async () => {
    await server.lead.answerHelp(contactId)
  })
}

export function sendWord(to: MessageRequest['to'], text: string): Promise<boolean> {
  return run('send-word', async () => {
    const sent = await server.lead.sendMessage({ to, text })
    notify('info', {
      ko: `보냈습니다 (${sent.to.length}명). 지금 열려 있는 화면에만 보입니다.`,
      en: 'Sent, to the screens that are open now.',
    })
  })
}

export function setPresenceOf(agentId: string, request: PresenceRequest): Promise<boolean> {
  return run(`presence-of.${agentId}`, async () => {
    const answer = await server.lead.setPresence(agentId, request)
    takeAnswer(answer.state)
    if (answer.notice) notify('warn', answer.notice.message)
  })
}
