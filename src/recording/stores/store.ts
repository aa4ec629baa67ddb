/** Where finished recordings lie. One port, two kinds. Everything in it is encrypted already. */
export interface RecordingStore {
  readonly kind: 'disk' | 's3'
  /**
   * Writes the whole object or nothing; an object of this key that is there is replaced.
   * @param length bytes that `content` gives
   */
  put(objectKey: string, content: AsyncIterable<Buffer>, length: number): Promise<void>
  /** Bytes `from` to `to`, inclusive. @throws RecordingError CTI_ERR_RECORDING_STORE_UNAVAILABLE, CTI_ERR_RECORDING_DAMAGED when it is not there */
  read(objectKey: string, from: number, to: number): AsyncIterable<Buffer>
  /** Length in bytes; undefined when it is not there. */
  size(objectKey: string): Promise<number | undefined>
  /** One that is gone counts as deleted. */
  delete(objectKey: string): Promise<void>
  /** Can something be stored now? @throws what keeps it from it */
  check(): Promise<void>
}
