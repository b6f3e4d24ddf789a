/** @module Access tokens as the fakes of shops' gateways give them: they end, and a refresh token is good once. Times are UTC ms. */

export class FakeTokens {
  accessToken = "access-token-0";
  refreshToken = "refresh-token-0";
  /** When the access token ends. */
  expiresAt = Number.POSITIVE_INFINITY;
  readonly livesMs: number;
  #made = 0;

  constructor(livesMs: number) {
    this.livesMs = livesMs;
  }

  isGood(token: string | null | undefined, at: number): boolean {
    return token === this.accessToken && at < this.expiresAt;
  }

  /** A new pair for a refresh token; `false` for one that was used, or never was one. */
  renew(refreshToken: unknown, at: number): boolean {
    if (refreshToken !== this.refreshToken) return false;
    this.#made += 1;
    this.accessToken = `access-token-${this.#made}`;
    this.refreshToken = `refresh-token-${this.#made}`;
    this.expiresAt = at + this.livesMs;
    return true;
  }
}
