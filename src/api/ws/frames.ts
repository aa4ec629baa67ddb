import { Compile } from 'typebox/compile'
import {
  type ClientFrame,
  ClientFrame as ClientFrameSchema,
  type CloseCode,
  type ServerFrame,
} from '../contracts/frames.js'
import { ERROR_CATALOGUE } from '../error-catalogue.js'
import { ApiError, toProblem } from '../problem.js'

const validator = Compile(ClientFrameSchema)

/** A client's frame. @throws ApiError CTI_ERR_FRAME_INVALID */
export function parseFrame(data: Buffer, isBinary: boolean): ClientFrame {
  if (isBinary) throw new ApiError('CTI_ERR_FRAME_INVALID', 'Frames are text.')
  let value: unknown
  try {
    value = JSON.parse(data.toString('utf8'))
  } catch {
    throw new ApiError('CTI_ERR_FRAME_INVALID', 'The frame is not JSON.')
  }
  if (!validator.Check(value)) throw new ApiError('CTI_ERR_FRAME_INVALID')
  return value
}

export function errorFrame(error: ApiError, socketId: string): ServerFrame {
  return { type: 'error', problem: toProblem(error, socketId) }
}

/** Close code of an error; faults of ours are "try again later". */
export function closeCodeOf(error: ApiError): CloseCode {
  return ((ERROR_CATALOGUE[error.code] as { close?: number }).close ?? 1013) as CloseCode
}
