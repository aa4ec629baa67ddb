/**
 * The one window in which callers' pages open, so that an agent does not collect a tab for each call. Only the opener of a foreign page may turn it
 * to the next one, so the tie is kept; whose page it is, the centre file says. A page that cuts the tie itself gets a new window for each call.
 */
export class WorkWindow {
  #window: Window | null = null

  /**
   * Opens a page in it. A browser allows a new window only after a click; one that is open already can always be turned.
   * @returns false when the browser refused
   */
  open(address: string): boolean {
    if (this.#window === null || this.#window.closed) {
      this.#window = window.open('about:blank', 'cti120-work')
      if (this.#window === null) return false
    }
    this.#window.location.replace(address)
    return true
  }
}
