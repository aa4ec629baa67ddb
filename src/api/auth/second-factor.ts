import type { Clock } from '../../platform/clock.js'
import type { TotpPort } from '../ports.js'
import { ApiError } from '../problem.js'
import { findStep, hashRecoveryCode, newRecoveryCodes, newTotpSecret } from './totp.js'

/** The second factor of people: asked for when it was enrolled and confirmed. */
export class SecondFactor {
  constructor(
    private readonly store: TotpPort,
    private readonly clock: Clock,
  ) {}

  async isEnrolled(userId: string): Promise<boolean> {
    return (await this.store.find(userId))?.confirmed === true
  }

  /** Nothing when the person has none. @throws ApiError CTI_ERR_TOTP_REQUIRED, CTI_ERR_TOTP_WRONG */
  async check(userId: string, code: string | undefined): Promise<void> {
    const factor = await this.store.find(userId)
    if (factor === undefined || !factor.confirmed) return
    if (code === undefined) throw new ApiError('CTI_ERR_TOTP_REQUIRED')
    const step = findStep(factor.secret, code, this.clock(), factor.lastStep)
    const right =
      step === undefined
        ? await this.store.useRecoveryCode(userId, hashRecoveryCode(code))
        : await this.store.useStep(userId, step)
    if (!right) throw new ApiError('CTI_ERR_TOTP_WRONG')
  }

  /** A new secret, which counts once a code of it was given. @throws ApiError CTI_ERR_TOTP_ENROLLED */
  async enrol(userId: string): Promise<string> {
    const secret = newTotpSecret()
    await this.store.enrol(userId, secret)
    return secret
  }

  /** @returns recovery codes, shown this once. @throws ApiError CTI_ERR_TOTP_NOT_ENROLLED, CTI_ERR_TOTP_ENROLLED, CTI_ERR_TOTP_WRONG */
  async confirm(userId: string, code: string): Promise<string[]> {
    const factor = await this.store.find(userId)
    if (factor === undefined) throw new ApiError('CTI_ERR_TOTP_NOT_ENROLLED')
    if (factor.confirmed) throw new ApiError('CTI_ERR_TOTP_ENROLLED')
    const step = findStep(factor.secret, code, this.clock(), factor.lastStep)
    if (step === undefined) throw new ApiError('CTI_ERR_TOTP_WRONG')
    const codes = newRecoveryCodes()
    await this.store.confirm(userId, step, codes.map(hashRecoveryCode))
    return codes
  }

  remove(userId: string): Promise<void> {
    return this.store.remove(userId)
  }
}
