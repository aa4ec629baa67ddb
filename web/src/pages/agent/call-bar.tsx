import { consultOf, othersOf } from '../../../../client/src/live/call.js'
import { T } from '../../parts/bilingual.js'
import { CommandButton } from '../../parts/command-button.js'
import { CountdownRing } from '../../parts/countdown-ring.js'
import { Timer } from '../../parts/timer.js'
import { call, isMine } from '../../state/call.js'
import { acceptOffer, extendWrapUp, hangUp, rejectOffer } from '../../state/commands.js'
import { desk, me, myState, offerDeadline, phase } from '../../state/live.js'
import type { Words } from '../../text/words.js'
import { CallControls } from './call-controls.js'
import { CallFacts } from './call-facts.js'
import { EXTEND_SECONDS, KEYS } from './keys.js'
import { PromiseButton } from './promise-button.js'
import { RecordingMark } from './recording-mark.js'
import { finish } from './shortcuts.js'

/** The call as one band: how long still, who calls, what can be done. Its colour is the phase. */
export function CallBar() {
  const now = phase.value
  return (
    <div class={`call-bar call-bar-${now}`}>
      <div class="call-clock">{now === 'offer' ? <OfferClock /> : now === 'talk' ? <TalkClock /> : <WrapClock />}</div>
      <CallFacts />
      <div class="call-actions">
        {now === 'offer' ? <OfferActions /> : now === 'talk' ? <TalkActions /> : <WrapActions />}
      </div>
      {now === 'talk' && <CallControls />}
    </div>
  )
}

function OfferClock() {
  const until = offerDeadline.value
  const since = myState.value?.workSince
  return until === undefined || since === undefined ? null : (
    <CountdownRing from={offerStart(since, until)} until={until} label="받을 수 있는 시간" />
  )
}

/** A deadline that was moved by accepting has a full ring again. */
function offerStart(since: number, until: number): number {
  const pop = desk.value.pop
  return pop && until > pop.deadline ? until - (pop.deadline - since) : since
}

const PICK_UP: Words = { ko: '전화기를 들어 주세요', en: 'Pick up your phone' }
const ANSWERS_BY_ITSELF: Words = { ko: '전화기가 받고 있습니다', en: 'Your phone answers by itself' }

function OfferActions() {
  const accepted = desk.value.acceptedId !== undefined && desk.value.acceptedId === myState.value?.reservationId
  return (
    <>
      {accepted ? (
        <p class="pick-up" role="status">
          <T w={me.value?.autoAnswer === undefined ? PICK_UP : ANSWERS_BY_ITSELF} stacked />
        </p>
      ) : (
        <CommandButton
          command="accept"
          tone="go"
          large
          w={{ ko: '받기', en: 'Accept' }}
          keys={KEYS.accept}
          onClick={() => void acceptOffer()}
        />
      )}
      <CommandButton
        command="reject"
        w={{ ko: '거절', en: 'Reject' }}
        keys={KEYS.reject}
        onClick={() => void rejectOffer()}
      />
    </>
  )
}

/** What the talk is at this moment, the most special first. */
function talkSays(): Words {
  const now = call.value
  if (now?.parked) return { ko: '파킹 중', en: 'Parked' }
  if (now?.moving) return { ko: '넘기는 중', en: 'On its way' }
  if (now && consultOf(now)) return { ko: '협의 중', en: 'Consulting' }
  if (now?.held || myState.value?.work === 'holding') return { ko: '보류 중', en: 'On hold' }
  if (now && othersOf(now).length > 0) return { ko: '회의 중', en: 'Conference' }
  return { ko: '통화 중', en: 'Talking' }
}

function TalkClock() {
  const apart = myState.value?.work === 'holding' || call.value?.state === 'held'
  return (
    <div class={apart ? 'talk-clock talk-clock-held' : 'talk-clock'}>
      <T w={talkSays()} />
      <Timer class="talk-timer" since={desk.value.talkSince ?? myState.value?.workSince} />
      {call.value?.muted === true && isMine.value && (
        <span class="chip chip-flag" data-muted="true">
          마이크 꺼짐 <small lang="en">Muted</small>
        </span>
      )}
    </div>
  )
}

function TalkActions() {
  return (
    <>
      <RecordingMark />
      <CommandButton
        command="hang-up"
        tone="stop"
        large
        w={{ ko: '끊기', en: 'Hang up' }}
        keys={KEYS.hangUp}
        disabled={!isMine.value}
        onClick={() => void hangUp()}
      />
      <PromiseButton />
    </>
  )
}

function WrapClock() {
  const state = myState.value
  return state?.wrapUntil === undefined ? null : (
    <CountdownRing from={state.workSince} until={state.wrapUntil} label="후처리 남은 시간" />
  )
}

function WrapActions() {
  return (
    <>
      <CommandButton
        command="finish"
        tone="primary"
        large
        w={{ ko: '후처리 완료', en: 'Finish' }}
        keys={KEYS.finish}
        onClick={finish}
      />
      <CommandButton
        command="extend"
        w={{ ko: '+30초', en: 'Extend' }}
        keys={KEYS.extend}
        onClick={() => void extendWrapUp(EXTEND_SECONDS)}
      />
      <PromiseButton />
    </>
  )
}
