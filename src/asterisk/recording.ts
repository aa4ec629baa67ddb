import type { TelephonyPort } from '../calls/telephony-port.js'
import { AmiError, isNoChannel } from './ami/errors.js'
import type { AmiFields, AmiReply } from './ami/types.js'

type Ami = { action(name: string, fields?: AmiFields): Promise<AmiReply> }
type Recording = Pick<TelephonyPort, 'startRecording' | 'stopRecording' | 'muteRecording'>

/** Below the PBX's `monitor` folder; README.md of asterisk/ names it. */
const FOLDER = 'cti'
const fileName = /^[A-Za-z0-9_-]{1,200}$/
/** `i` makes the answer carry the id; the variable itself is not used. */
const ID_VARIABLE = 'CTI_MIXMONITOR'

/** MixMonitor by its two legs (ADR 0010). Actions of AMI, so a running prompt holds none of them up. */
export function createRecording(ami: Ami): Recording {
  return {
    async startRecording(channelId, name) {
      if (!fileName.test(name)) throw new AmiError('invalid', 'MixMonitor', 'the name of the file is not usable')
      const options = `r(${FOLDER}/${name}-r.sln)t(${FOLDER}/${name}-t.sln)i(${ID_VARIABLE})`
      try {
        const { response } = await ami.action('MixMonitor', { Channel: channelId, options })
        return response.mixmonitorid ?? ''
      } catch (error) {
        if (isNoChannel(error)) return undefined
        throw error
      }
    },
    async stopRecording(channelId, recorder) {
      const which: AmiFields = recorder === '' ? {} : { MixMonitorID: recorder }
      try {
        await ami.action('StopMixMonitor', { Channel: channelId, ...which })
      } catch (error) {
        // "Could not stop": it has ended with its channel, or was stopped before.
        if (!isNoChannel(error) && !isNotRunning(error)) throw error
      }
    },
    async muteRecording(channelId, muted) {
      try {
        await ami.action('MixMonitorMute', { Channel: channelId, Direction: 'both', State: muted ? 1 : 0 })
      } catch (error) {
        if (!isNoChannel(error) && !isNotRunning(error)) throw error
      }
    },
  }
}

function isNotRunning(error: unknown): boolean {
  return (
    error instanceof AmiError && error.kind === 'refused' && /could not stop|cannot set mute/i.test(error.detail ?? '')
  )
}
