import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Split } from '../../../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId } from '../../../../src-shared/domain/ids.ts';
import { shareOut } from '../../../../src-main/services/dataset/share-out.ts';
import type { PoolImage } from '../../../../src-main/storage/dataset-rows.ts';

const noSplits: ReadonlySet<Split> = new Set();

function image(number: number, classId: string | null): PoolImage {
  const id = createHash('sha256').update(String(number)).digest('hex') as ImageId;
  return { id, classId: classId as ClassId | null, split: 'training', isSharedOut: false };
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
