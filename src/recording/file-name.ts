/** What a spool file tells by its name alone, so that nothing else is needed to finish it. PURE. */
export interface SpoolName {
  readonly recordingId: string
  readonly contactId: string
  /** epoch ms */
  readonly startedAt: number
}

/** The two legs of a recording: what came from the citizen, and what the citizen heard. */
export const LEGS = ['r', 't'] as const
export type Leg = (typeof LEGS)[number]

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const FILE = new RegExp(`^((${UUID})_([A-Za-z0-9-]{1,80})_(\\d{13}))-([rt])[.]sln$`)

/** Name that the PBX is told, without leg and ending. */
export function formatSpoolName({ recordingId, contactId, startedAt }: SpoolName): string {
  return `${recordingId}_${contactId.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 80)}_${startedAt}`
}

export function legFile(base: string, leg: Leg): string {
  return `${base}-${leg}.sln`
}

/** @returns undefined for a file that is not one of ours */
export function parseSpoolFile(file: string): (SpoolName & { readonly base: string; readonly leg: Leg }) | undefined {
  const match = FILE.exec(file)
  if (!match) return undefined
  const [, base, recordingId, contactId, startedAt, leg] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    Leg,
  ]
  return { base, recordingId, contactId, startedAt: Number(startedAt), leg }
}
