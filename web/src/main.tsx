import { render } from 'preact'
import { App } from './app.js'
import { tellPartyLeft } from './pages/agent/party-words.js'
import { tellHelpAsked } from './pages/floor/help-list.js'
import { onHelpMoved } from './state/beside.js'
import { onPartyLeft } from './state/call.js'
import { onCentreChanged } from './state/events.js'
import { loadCentre, restore } from './state/session.js'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/shell.css'
import './styles/sign-in.css'
import './styles/account.css'
import './styles/agent.css'
import './styles/call.css'
import './styles/call-control.css'
import './styles/recording.css'
import './styles/recordings.css'
import './styles/reason.css'
import './styles/record.css'
import './styles/floor.css'
import './styles/lead.css'
import './styles/times.css'
import './styles/callbacks.css'

const root = document.getElementById('app')
if (!root) throw new Error('the page has no #app')
render(<App />, root)
onPartyLeft(tellPartyLeft)
onHelpMoved(tellHelpAsked)
onCentreChanged(() => void loadCentre())
void restore()
