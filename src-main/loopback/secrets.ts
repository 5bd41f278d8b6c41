import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new secret: 256 bits, safe in a URL and in a cookie. */
export function createSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares in a time that tells nothing about where the two differ, nor about their lengths. */
export function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

/** Links that open the app once each. */
export interface EntrySecrets {
  /** A secret for one link. */
  issue(): string;
  /** True once for each secret that was issued. */
  redeem(given: string): boolean;
}

/** At most this many unused links are good at a time; the oldest goes first. */
const maxUnused = 16;

export function createEntrySecrets(): EntrySecrets {
  const unused: string[] = [];
  return {
    issue() {
      const secret = createSecret();
      unused.push(secret);
      if (unused.length > maxUnused) unused.shift();
      return secret;
    },
    redeem(given) {
      const index = unused.findIndex((secret) => isSameSecret(given, secret));
      if (index >= 0) unused.splice(index, 1);
      return index >= 0;
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
