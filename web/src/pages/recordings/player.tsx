import { useEffect, useState } from 'preact/hooks'
import { T } from '../../parts/bilingual.js'
import { soundOf } from '../../state/recordings.js'
import { adviceFor } from '../../text/advice.js'
import type { Words } from '../../text/words.js'

type Sound =
  | { readonly is: 'asked' }
  | { readonly is: 'here'; readonly url: string }
  | { readonly is: 'failed'; readonly advice: Words }

/** Fetches the sound when it is asked for (that is written down, so not before) and plays it from memory; nothing of it stays afterwards. */
export function Player({ id }: { id: string }) {
  const [wanted, setWanted] = useState(0)
  const [sound, setSound] = useState<Sound>({ is: 'asked' })
  useEffect(() => {
    if (wanted === 0) return
    const gone = new AbortController()
    let url: string | undefined
    setSound({ is: 'asked' })
    soundOf(id, gone.signal).then(
      (blob) => {
        if (gone.signal.aborted) return
        url = URL.createObjectURL(blob)
        setSound({ is: 'here', url })
      },
      (error: unknown) => gone.signal.aborted || setSound({ is: 'failed', advice: adviceFor(error) }),
    )
    return () => {
      gone.abort()
      if (url !== undefined) URL.revokeObjectURL(url)
    }
  }, [id, wanted])

  if (wanted > 0 && sound.is === 'here') {
    return (
      <div class="player">
        {/* biome-ignore lint/a11y/useMediaCaption: what was said on the phone has no captions */}
        <audio controls autoplay src={sound.url} data-sound={id} />
        <small>
          왼쪽 고객, 오른쪽 상담사 <span lang="en">Citizen left, staff right</span>
        </small>
      </div>
    )
  }
  if (wanted > 0 && sound.is === 'asked') {
    return (
      <p class="nothing" role="status">
        소리를 불러오는 중… <small lang="en">Fetching the sound</small>
      </p>
    )
  }
  return (
    <div class="player">
      {sound.is === 'failed' && (
        <p class="advice" role="alert" data-empty="sound">
          <T w={sound.advice} stacked />
        </p>
      )}
      <button type="button" class="button button-primary" data-command="listen" onClick={() => setWanted(wanted + 1)}>
        <T w={{ ko: '듣기', en: 'Listen' }} />
      </button>
    </div>
  )
}
