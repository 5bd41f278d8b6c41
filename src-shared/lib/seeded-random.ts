/** A seeded stream of random numbers; the same seed gives the same stream on every machine. */
export interface Random {
  /** The next number, uniform in [0, 1) with 32 bits of resolution. */
  next(): number;
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** A whole number, uniform in 0 … maxExclusive − 1. */
  integer(maxExclusive: number): number;
  /** The numbers 0 … count − 1 in random order (Fisher–Yates). */
  permutation(count: number): number[];
  /** Standard normal (Box–Muller). */
  normal(): number;
  /** What `restoreRandom` needs to continue this stream exactly where it stands. */
  state(): RandomState;
}

/** The four 32-bit words of the generator. */
export type RandomState = readonly [number, number, number, number];

/** Starts a stream from a number or a text. Texts make it easy to derive independent streams: `${seed}/epoch/3`. */
export function createRandom(seed: number | string): Random {
  return restoreRandom(expandSeed(String(seed)));
}

/** Continues a stream from its saved state. */
export function restoreRandom(saved: RandomState): Random {
  let [a, b, c, d] = saved;

  // sfc32 by Chris Doty-Humphrey (PractRand): small, fast, 128 bits of state, passes BigCrush.
  function nextWord(): number {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  }

  function next(): number {
    return nextWord() / 4294967296;
  }

  return {
    next,
    uniform: (low, high) => low + (high - low) * next(),
    integer: (maxExclusive) => Math.floor(next() * maxExclusive),
    permutation: (count) => permutation(count, next),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    state: () => [a, b, c, d],
  };
}

function permutation(count: number, next: () => number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(next() * (last + 1));
    const moved = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = moved;
  }
  return order;
}

/** Spreads a text over 128 bits (cyrb128 by bryc), then the stream is warmed up so that similar seeds part at once. */
function expandSeed(text: string): RandomState {
  let h1 = 1779033703;
  let h2 = 3144134277;
  let h3 = 1013904242;
  let h4 = 2773480762;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    h1 = h2 ^ Math.imul(h1 ^ code, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ code, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ code, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ code, 2716044179);
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067);
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233);
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213);
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179);
  const mixed = (h1 ^ h2 ^ h3 ^ h4) | 0;
  const random = restoreRandom([mixed, (h2 ^ mixed) | 0, (h3 ^ mixed) | 0, (h4 ^ mixed) | 0]);
  for (let round = 0; round < 12; round += 1) random.next();
  return random.state();
}
