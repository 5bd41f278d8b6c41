import { describe, expect, it } from 'vitest';
import { defaultSplitRules } from '../../../../src-shared/domain/quality.ts';
import { findBursts, type BurstImage } from '../../../../src-main/services/quality/bursts.ts';
import { readByPattern } from '../../../../src-main/services/quality/name-pattern.ts';
import { findTies } from '../../../../src-main/services/quality/ties.ts';

describe('a name pattern', () => {
  it.each([
    ['patient-{}-*.jpg', 'patient-07-left.jpg', '07'],
    ['patient-{}-*.jpg', 'patient-07-.jpg', '07'],
    ['{}_*', 'a_b_c', 'a'],
    ['*_{}.png', 'x_y_12.png', 'y_12'],
    ['{}', 'anything', 'anything'],
    ['cam*', 'camera 1', ''],
    ['exact.png', 'exact.png', ''],
    ['*{}*', 'ab', 'ab'],
    ['patient-{}-*.jpg', 'patient--left.jpg', null],
    ['patient-{}-*.jpg', 'doctor-07-left.jpg', null],
    ['exact.png', 'exact.png2', null],
    ['a*a', 'a', null],
    ['{}', '', null],
  ])('%s reads %s as %s', (pattern, name, key) => {
    expect(readByPattern(pattern, name)).toBe(key);
  });

  it('does not search back and forth', () => {
    const started = performance.now();
    expect(readByPattern('*a*a*a*a*a*a*a*a*b', 'a'.repeat(200_000))).toBe(null);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('bursts', () => {
  const at = (source: string, capturedAt: number | null = null, burst: string | null = null): BurstImage => ({
    source,
    capturedAt,
    burst,
  });

  it('chains pictures of a folder that were taken within seconds of each other', () => {
    const images = [
      at('a/1.jpg', 0),
      at('a/2.jpg', 1500),
      at('b/3.jpg', 1600),
      at('a/4.jpg', 3400),
      at('a/5.jpg', 9000),
    ];
    expect(findBursts(images, 2, () => true)).toEqual([[0, 1, 3]]);
    expect(findBursts(images, 1, () => true)).toEqual([]);
  });

  it('takes those of the camera page as they were taken', () => {
    const images = [at('x/1.jpg', null, 'b1'), at('y/2.jpg', null, 'b1'), at('z/3.jpg', null, 'b2'), at('w/4.jpg')];
    expect(findBursts(images, 2, () => false)).toEqual([[0, 1]]);
  });

  it('chains numbered names of the same view where no time is known, and lets a known time decide', () => {
    const images = [at('IMG_0001.jpg'), at('IMG_0003.jpg'), at('IMG_0002.jpg'), at('IMG_0005.jpg'), at('DSC_0004.jpg')];
    expect(findBursts(images, 2, () => true)).toEqual([[0, 2, 1]]);
    expect(findBursts(images, 2, (a, b) => a + b !== 3)).toEqual([[0, 2]]);
    expect(findBursts([at('IMG_1.jpg', 0), at('IMG_2.jpg', 60_000)], 2, () => true)).toEqual([]);
  });
});

describe('ties', () => {
  const images = ['shop/aisle-3/a.png', 'shop/aisle-3/deep/b.png', 'shop/aisle-30/c.png', 'p1_x.png', 'p1_y.png'].map(
    (source) => ({ source, fileName: source.slice(source.lastIndexOf('/') + 1), capturedAt: null, burst: null }),
  );
  const material = { images, pairs: [{ a: 2, b: 3, distance: 4 }], isSameView: () => false };

  it('follows the rules and names what made each group', () => {
    const rules = { ...defaultSplitRules, folders: ['shop/aisle-3'], namePatterns: ['{}_*.png'] };
    expect(findTies(material, rules)).toEqual([
      { kind: 'near', label: null, rule: null, places: [2, 3] },
      { kind: 'folder', label: 'shop/aisle-3', rule: 'shop/aisle-3', places: [0, 1] },
      { kind: 'name', label: 'p1', rule: '{}_*.png', places: [3, 4] },
    ]);
    expect(findTies(material, { ...rules, nearCopies: false, folders: [], namePatterns: [] })).toEqual([]);
  });
});
