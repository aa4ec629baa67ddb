/** One use of a recording by a person or a system. */
export interface RecordingAccess {
  /** `user:<id>` or `api-key:<id>` */
  readonly who: string
  readonly fromAddress?: string
  readonly action: 'listen' | 'download_asked' | 'download' | 'hold' | 'release'
  readonly recordingId: string
  readonly contactId?: string
  readonly reason?: string
  /** More, without names and numbers. */
  readonly detail?: Readonly<Record<string, unknown>>
}

/** Where uses are written down. Nothing is given out that could not be written down first. */
export interface AccessLogPort {
  /** @throws StoreError when it could not be written */
  write(access: RecordingAccess): Promise<void>
}
