import { render } from 'preact'
import { BookApp } from './book-app.js'
import '../styles/tokens.css'
import '../styles/base.css'
import '../styles/controls.css'
import '../styles/times.css'
import '../styles/book.css'

const root = document.getElementById('app')
if (!root) throw new Error('the page has no #app')
render(<BookApp />, root)
