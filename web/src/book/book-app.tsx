import { useEffect } from 'preact/hooks'
import type { BookingForm } from '../../../client/src/generated/contracts.js'
import { T } from '../parts/bilingual.js'
import { formatPhone } from '../text/format.js'
import type { Words } from '../text/words.js'
import { BookForm } from './book-form.js'
import { Done } from './done.js'
import { Manage } from './manage.js'
import { open, screen } from './state.js'

/** The page on which a citizen books a call, or changes one by its link. */
export function BookApp() {
  useEffect(() => void open(), [])
  const now = screen.value
  const form = 'form' in now ? now.form : undefined
  return (
    <div class="book">
      <header class="book-top">
        <span class="mark" aria-hidden="true">
          120
        </span>
        {form && <T w={form.centre} stacked />}
      </header>
      <main>
        <Content />
      </main>
      <Contact form={form} />
    </div>
  )
}

function Content() {
  const now = screen.value
  switch (now.name) {
    case 'form':
      return <BookForm form={now.form} />
    case 'done':
      return <Done form={now.form} made={now.made} />
    case 'booking':
      return <Manage booking={now.booking} form={now.form} token={now.token} />
    case 'loading':
      return <Plain name="loading" w={{ ko: '불러오는 중…', en: 'Loading' }} />
    case 'off':
      return <Plain name="off" w={{ ko: '지금은 예약을 받지 않습니다', en: 'Bookings are not taken at present' }} />
    case 'gone':
      return <Plain name="gone" w={{ ko: '링크로 예약을 찾을 수 없습니다', en: 'The link opens no booking' }} again />
    case 'unreachable':
      return <Plain name="unreachable" w={now.words} again />
  }
}

function Plain({ name, w, again = false }: { name: string; w: Words; again?: boolean }) {
  return (
    <section class="card book-card" data-screen={name} role="status">
      <p>
        <T w={w} stacked />
      </p>
      {again && (
        <a
          class="button"
          href="/book"
          onClick={(event) => {
            event.preventDefault()
            if (name === 'gone') location.hash = ''
            else void open()
          }}
        >
          <T
            w={name === 'gone' ? { ko: '새로 예약하기', en: 'Book a call' } : { ko: '다시 해 보기', en: 'Try again' }}
          />
        </a>
      )}
    </section>
  )
}

function Contact({ form }: { form: BookingForm | undefined }) {
  const number = form?.number ?? '120'
  return (
    <footer class="book-foot">
      전화로도 예약할 수 있습니다: <a href={`tel:${number}`}>{formatPhone(number)}</a>
      <small lang="en"> You can also ring us.</small>
    </footer>
  )
}
