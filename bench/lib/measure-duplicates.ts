import { createRandom, type Random } from '../../src-shared/lib/seeded-random.ts';
import { connectPairs } from '../../src-main/services/quality/connect.ts';
import { findNearPairs, type PictureColumns } from '../../src-main/services/quality/near-pairs.ts';

const sketchBytes = 432;
/** Every tenth picture is a copy of one shortly before it. */
const copyEvery = 10;
const rounds = 3;

/** Prints how long it takes to find the near copies among so many pictures, and whether all planted ones were found. */
export function measureDuplicates(count = 100_000): Promise<void> {
  const pictures = makePictures(count, createRandom('duplicates'));
  const times: number[] = [];
  let found = 0;
  let groups = 0;
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    const pairs = findNearPairs(pictures);
    groups = connectPairs(pairs).length;
    times.push(performance.now() - started);
    found = pairs.filter(({ b }) => b % copyEvery === copyEvery - 1).length;
  }
  const seconds = (times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0) / 1000;
  const planted = Math.floor(count / copyEvery);
  console.log(
    `duplicates: ${count} pictures in ${seconds.toFixed(2)} s, ${found} of ${planted} planted copies found, ${groups} groups`,
  );
  return Promise.resolve();
}

/** Random hashes and sketches; copies differ in up to 8 bits and in a little noise. */
function makePictures(count: number, random: Random): PictureColumns {
  const hashes = { high: new Uint32Array(count), low: new Uint32Array(count) };
  const sketches = new Uint8Array(count * sketchBytes);
  for (let place = 0; place < count; place += 1) {
    const isCopy = place % copyEvery === copyEvery - 1;
    const original = place - 1 - random.integer(copyEvery - 1);
    if (isCopy) {
      const bits = random.permutation(64).slice(0, random.integer(9));
      const flip = (word: number, from: number): number =>
        bits.filter((bit) => bit >= from && bit < from + 32).reduce((all, bit) => all ^ (1 << (bit - from)), word);
      hashes.high[place] = flip(hashes.high[original] ?? 0, 0);
      hashes.low[place] = flip(hashes.low[original] ?? 0, 32);
    } else {
      hashes.high[place] = random.integer(2 ** 32);
      hashes.low[place] = random.integer(2 ** 32);
    }
    for (let at = 0; at < sketchBytes; at += 1) {
      const value = isCopy ? (sketches[original * sketchBytes + at] ?? 0) + random.integer(5) : random.integer(251);
      sketches[place * sketchBytes + at] = value;
    }
  }
  return { hashes, sketches, sketchBytes };
}
