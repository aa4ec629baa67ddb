/** In whose name something is written to Redis: the owner of a PBX node, as long as nobody with a newer token owns it. */
export interface Fence {
  /** Key of the newest token of the node. */
  readonly key: string
  /** The writer's own. */
  readonly token: string
  /** Asked before each command; false: it is refused without asking Redis. */
  mayAct(): boolean
  /** Redis refused a command: another owns the node by now. */
  onRefused(): void
}

/** A write in the name of an owner that is none any more; nothing was changed. */
export class NotOwnerError extends Error {
  readonly code = 'CTI_ERR_NOT_OWNER'

  constructor() {
    super('another process owns this PBX node')
    this.name = 'NotOwnerError'
  }
}
