import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { RecordingError } from '../model.js'
import type { RecordingStore } from './store.js'

export interface S3Address {
  /** `https://host/bucket` or `https://host/bucket/prefix` */
  readonly url: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
}

/** A store that does not answer for so long (ms) is away. */
const CONNECT_MS = 5_000
const ANSWER_MS = 30_000

/**
 * Recordings in an S3-compatible store, addressed by path. Checksums of the newer S3 protocol are asked for only where the protocol needs them:
 * many compatible stores do not know them, and each chunk carries its own tag.
 */
export function createS3Store(address: S3Address): RecordingStore & { close(): void } {
  const url = new URL(address.url)
  const [bucket = '', ...prefix] = url.pathname.split('/').filter(Boolean)
  const Bucket = bucket
  const keyOf = (objectKey: string): string => [...prefix, objectKey].join('/')
  const client = new S3Client({
    endpoint: url.origin,
    region: address.region,
    forcePathStyle: true,
    credentials: { accessKeyId: address.accessKey, secretAccessKey: address.secretKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // A stream cannot be sent twice; the job that stores is what tries again.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: ANSWER_MS },
  })
  return {
    kind: 's3',
    async put(objectKey, content, length) {
      const Body = Readable.from(content, { objectMode: false })
      await client.send(new PutObjectCommand({ Bucket, Key: keyOf(objectKey), Body, ContentLength: length }))
    },
    async *read(objectKey, from, to) {
      const { Body } = await client
        .send(new GetObjectCommand({ Bucket, Key: keyOf(objectKey), Range: `bytes=${from}-${to}` }))
        .catch((error: unknown) => {
          throw new RecordingError(
            isMissing(error) ? 'CTI_ERR_RECORDING_DAMAGED' : 'CTI_ERR_RECORDING_STORE_UNAVAILABLE',
          )
        })
      for await (const piece of Body as Readable) yield piece as Buffer
    },
    async size(objectKey) {
      try {
        return (await client.send(new HeadObjectCommand({ Bucket, Key: keyOf(objectKey) }))).ContentLength
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
    async delete(objectKey) {
      await client.send(new DeleteObjectCommand({ Bucket, Key: keyOf(objectKey) }))
    },
    async check() {
      await client.send(new HeadBucketCommand({ Bucket }))
    },
    close: () => client.destroy(),
  }
}

function isMissing(error: unknown): boolean {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } }
  return name === 'NoSuchKey' || name === 'NotFound' || $metadata?.httpStatusCode === 404
}
