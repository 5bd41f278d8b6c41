import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Split } from '../../../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId } from '../../../../src-shared/domain/ids.ts';
import { shareOut } from '../../../../src-main/services/dataset/share-out.ts';
import { mendLeaks } from '../../../../src-main/services/dataset/mend-leaks.ts';
import type { PoolImage, SharePool } from '../../../../src-main/storage/dataset-rows.ts';
import { createRandom } from '../../../../src-shared/lib/seeded-random.ts';

const noSplits: ReadonlySet<Split> = new Set();

function image(number: number, classId: string | null): PoolImage {
  const id = createHash('sha256').update(String(number)).digest('hex') as ImageId;
  return { id, classId: classId as ClassId | null, split: 'training', isSharedOut: false, isGiven: false };
}

function place(images: readonly PoolImage[], splits: ReadonlyMap<ImageId, Split>): PoolImage[] {
  return images.map((item) => ({ ...item, split: splits.get(item.id) ?? item.split, isSharedOut: true }));
}

function count(images: readonly PoolImage[], classId: string, split: Split): number {
  return images.filter((item) => item.classId === classId && item.split === split).length;
}

const ratios = { validation: 0.15, test: 0.2, seed: 7 };
const classSizes = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 6 });
const ratio = fc.double({ min: 0, max: 0.45, noNaN: true });

function imagesOf(sizes: readonly number[]): PoolImage[] {
  return sizes.flatMap((size, group) =>
    Array.from({ length: size }, (_, index) => image(group * 1000 + index, `class-${group}`)),
  );
}

describe('sharing out', () => {
  it('gives each class its rounded fractions', () => {
    fc.assert(
      fc.property(classSizes, ratio, ratio, fc.nat(), (sizes, validation, test, seed) => {
        const images = imagesOf(sizes);
        const placed = place(images, shareOut({ images, ratios: { validation, test, seed }, given: noSplits }));
        sizes.forEach((size, group) => {
          expect(count(placed, `class-${group}`, 'test')).toBe(Math.round(test * size));
          const room = size - Math.round(test * size);
          expect(count(placed, `class-${group}`, 'validation')).toBe(Math.min(room, Math.round(validation * size)));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the order of the images, and does on the seed', () => {
    const images = imagesOf([40, 30]);
    const straight = shareOut({ images, ratios, given: noSplits });
    const reversed = shareOut({ images: images.toReversed(), ratios, given: noSplits });
    expect(new Map([...reversed].sort())).toEqual(new Map([...straight].sort()));
    expect(shareOut({ images, ratios: { ...ratios, seed: 8 }, given: noSplits })).not.toEqual(straight);
  });

  it('never moves an image because others came later', () => {
    fc.assert(
      fc.property(classSizes, classSizes, (first, second) => {
        const early = imagesOf(first);
        const settled = place(early, shareOut({ images: early, ratios, given: noSplits }));
        const late = second.flatMap((size, group) =>
          Array.from({ length: size }, (_, index) => image(500_000 + group * 1000 + index, `class-${group}`)),
        );
        const splits = shareOut({ images: [...settled, ...late], ratios, given: noSplits });
        expect(early.filter(({ id }) => splits.has(id))).toEqual([]);
        const all = place([...settled, ...late], splits);
        second.forEach((size, group) => {
          const total = size + (first[group] ?? 0);
          if (size > 10) expect(count(all, `class-${group}`, 'test')).toBe(Math.round(ratios.test * total));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('takes nobody for a split that came in a folder, and treats unlabelled images as a class of their own', () => {
    const images = [...imagesOf([40]), ...Array.from({ length: 20 }, (_, index) => image(90_000 + index, null))];
    const placed = place(images, shareOut({ images, ratios, given: new Set<Split>(['test']) }));
    expect(placed.filter(({ split }) => split === 'test')).toEqual([]);
    expect(count(placed, 'class-0', 'validation')).toBe(6);
    expect(placed.filter(({ classId, split }) => classId === null && split === 'validation')).toHaveLength(3);
  });
});

/** Images of some classes, part of them tied into groups across classes. */
const tied = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
    cuts: fc.array(fc.integer({ min: 2, max: 6 }), { maxLength: 12 }),
    seed: fc.nat(),
  })
  .map(({ sizes, cuts, seed }) => {
    const images = imagesOf(sizes);
    const shuffled = createRandom(seed)
      .permutation(images.length)
      .flatMap((place) => images[place]?.id ?? []);
    let at = 0;
    const groups = cuts.map((size) => shuffled.slice(at, (at += size))).filter((group) => group.length > 1);
    return { images, groups, seed };
  });

function splitsOf(images: readonly PoolImage[], ids: readonly ImageId[]): readonly Split[] {
  return [...new Set(images.filter(({ id }) => ids.includes(id)).map(({ split }) => split))];
}

describe('sharing out images that belong together', () => {
  it('never parts a group, and keeps each class within a group of its fractions', () => {
    fc.assert(
      fc.property(tied, ratio, ratio, ({ images, groups, seed }, validation, test) => {
        const request = { images, groups, ratios: { validation, test, seed }, given: noSplits };
        const placed = place(images, shareOut(request));
        for (const group of groups) expect(splitsOf(placed, group)).toHaveLength(1);
        const largest = Math.max(1, ...groups.map((group) => group.length));
        for (const classId of new Set(images.map((one) => one.classId ?? ''))) {
          const total = placed.filter((one) => one.classId === classId).length;
          expect(count(placed, classId, 'test')).toBeLessThanOrEqual(Math.ceil(test * total) + largest);
          expect(count(placed, classId, 'validation')).toBeLessThanOrEqual(Math.ceil(validation * total) + largest);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('depends neither on the order of images and groups nor on anything but the seed', () => {
    fc.assert(
      fc.property(tied, ({ images, groups, seed }) => {
        const request = { images, groups, ratios: { ...ratios, seed }, given: noSplits };
        const turned = {
          ...request,
          images: images.toReversed(),
          groups: groups.toReversed().map((group) => group.toReversed()),
        };
        expect(new Map([...shareOut(turned)].sort())).toEqual(new Map([...shareOut(request)].sort()));
      }),
      { numRuns: 60 },
    );
  });

  it('never moves an image because others came, and pulls those that come to a group into its split', () => {
    fc.assert(
      fc.property(tied, fc.double({ min: 0, max: 1, noNaN: true }), ({ images, groups, seed }, share) => {
        const known = images.slice(0, Math.round(share * images.length));
        const early = groups.map((group) => group.filter((id) => known.some((one) => one.id === id)));
        const asked = { ratios: { ...ratios, seed }, given: noSplits };
        const settled = place(
          known,
          shareOut({ ...asked, images: known, groups: early.filter((group) => group.length > 1) }),
        );
        const all = [...settled, ...images.slice(known.length)];
        const splits = shareOut({ ...asked, images: all, groups });
        expect(settled.filter(({ id }) => splits.has(id))).toEqual([]);
        const placed = place(all, splits);
        for (const group of groups) expect(splitsOf(placed, group)).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });

  it('pulls a copy of an image that may not move, unless it came in a training folder', () => {
    const images = imagesOf([12]);
    const [copy, given] = images;
    if (!copy || !given) throw new Error('There are no images.');
    const held = image(99_999, null);
    const pool = images.map((one) => ({ ...one, isGiven: one.id === given.id }));
    const splits = shareOut({
      images: pool,
      ratios,
      given: new Set<Split>(['test']),
      groups: [[held.id, copy.id, given.id]],
      fixed: new Map([[held.id, 'test']]),
    });
    expect(splits.get(copy.id)).toBe('test');
    expect(splits.get(given.id)).not.toBe('test');
    expect([...splits.values()].filter((split) => split === 'test')).toHaveLength(1);
  });
});

describe('mending leaks', () => {
  const [a, b, c, d] = imagesOf([4]);
  if (!a || !b || !c || !d) throw new Error('There are no images.');
  const pool = (images: readonly PoolImage[]): SharePool => ({ images, given: noSplits, fixed: new Map() });
  const inSplit = (one: PoolImage, split: Split): PoolImage => ({ ...one, split, isSharedOut: true });

  it('moves the fewer images of a group to where the others are', () => {
    const images = [inSplit(a, 'test'), inSplit(b, 'test'), inSplit(c, 'training'), inSplit(d, 'validation')];
    expect(mendLeaks(pool(images), [[a.id, b.id, c.id]], false)).toEqual(new Map([[c.id, 'test']]));
    expect(mendLeaks(pool(images), [[a.id, b.id]], false)).toEqual(new Map());
  });

  it('leaves a frozen test set and images that came in split folders', () => {
    const images = [inSplit(a, 'test'), inSplit(b, 'training'), inSplit(c, 'training')];
    expect(mendLeaks(pool(images), [[a.id, b.id, c.id]], true)).toEqual(
      new Map([
        [b.id, 'test'],
        [c.id, 'test'],
      ]),
    );
    const given = images.map((one) => ({ ...one, isGiven: one.id === b.id }));
    const fixed = new Map<ImageId, Split>([[d.id, 'validation']]);
    expect(mendLeaks({ ...pool(given), fixed }, [[c.id, b.id, d.id]], false)).toEqual(new Map());
    expect(mendLeaks(pool(given), [[a.id, b.id, c.id]], false)).toEqual(new Map([[a.id, 'training']]));
  });
});
