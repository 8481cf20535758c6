// Did the log-in succeed? Only sizes are visible: each answer of the server has a known length before encryption.

/** The server's SERVICE_ACCEPT takes 24 bytes before encryption, its USERAUTH_SUCCESS 8. RFC 4252 §5.1, RFC 4253 §10. */
const acceptMinusSuccess = 16;
/** An answer that much larger than SERVICE_ACCEPT carries a banner to show before the log-in. RFC 4252 §5.4. */
const bannerExcess = 256;

/** What one encrypted segment of the server tells. */
export type LoginStep = 'nothing' | 'failure' | 'success';

/**
 * Judges by segment lengths, as Zeek does: the first answer is SERVICE_ACCEPT; the next is either 16 bytes shorter (log-in without
 * proof) or a failure, whose length depends on the server's methods and is learnt here; later ones are compared with both.
 */
export class LoginJudge {
  #clientSpoke = false;
  #acceptLength = 0;
  #failureLength = 0;
  #bannerSkipped = false;

  /** @param length payload bytes of one encrypted segment. */
  segment(fromClient: boolean, length: number): LoginStep {
    if (fromClient) this.#clientSpoke = true;
    if (fromClient || !this.#clientSpoke) return 'nothing';
    if (this.#acceptLength === 0) {
      this.#acceptLength = length;
      return 'nothing';
    }
    const isSuccess = length + acceptMinusSuccess === this.#acceptLength;
    if (this.#failureLength === 0) {
      if (!isSuccess) this.#learnFailure(length);
      return isSuccess ? 'success' : 'nothing';
    }
    if (length === this.#failureLength) return 'failure';
    return isSuccess ? 'success' : 'nothing';
  }

  #learnFailure(length: number): void {
    if (!this.#bannerSkipped && length - this.#acceptLength > bannerExcess) this.#bannerSkipped = true;
    else this.#failureLength = length;
  }
}
