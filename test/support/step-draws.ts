import { expect } from 'vitest';
import type { ImageSize } from '../../src-main/imaging/kernels/rgb-image.ts';
import { stepRegistry } from '../../src-main/imaging/step-registry.ts';
import type { StepFacts } from '../../src-main/imaging/step.ts';
import type { ResolvedParameters } from '../../src-shared/domain/pipeline/resolve.ts';
import type { LeafKind } from '../../src-shared/domain/pipeline/steps.ts';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';

export const drawCount = 4000;
/** Five standard errors: a fair generator leaves them once in two million fixed seeds. */
export const tolerance = 5 / Math.sqrt(drawCount);

/** What a kind of step draws for many pictures of one size. */
export function draws<K extends LeafKind>(
  kind: K,
  parameters: ResolvedParameters[K],
  size: ImageSize = { width: 40, height: 30 },
): readonly StepFacts[] {
  const random = createRandom('sampling');
  return Array.from({ length: drawCount }, () => stepRegistry[kind].draw(parameters, random, size).facts);
}

export function numbers(facts: readonly StepFacts[], name: string): readonly number[] {
  return facts.map((fact) => Number(fact[name]));
}

export function countEach<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** So many of all draws as a coin of this probability gives. */
export function expectShare(count: number, share: number): void {
  const error = 5 * Math.sqrt((share * (1 - share)) / drawCount);
  expect(Math.abs(count / drawCount - share)).toBeLessThanOrEqual(error);
}

/** Every whole number between two ends is there, each equally often; `half ends` are rounded to from one side only. */
export function expectEachPlace(
  values: readonly number[],
  low: number,
  high: number,
  ends: 'whole ends' | 'half ends' = 'whole ends',
): void {
  const counts = countEach(values);
  const places = Array.from({ length: high - low + 1 }, (_, index) => low + index);
  expect([...counts.keys()].sort((a, b) => a - b)).toEqual(places);
  const weight = (place: number): number => (ends === 'half ends' && (place === low || place === high) ? 0.5 : 1);
  const total = places.reduce((sum, place) => sum + weight(place), 0);
  for (const [place, count] of counts) expectShare(count, weight(place) / total);
}

/**
 * Kolmogorov–Smirnov: the largest gap between the drawn and the uniform distribution; 1.95/√n is the 0.1 % level. `slack` is how far
 * rounding may push a value over an end, as a share of the range.
 */
export function expectUniform(values: readonly number[], low: number, high: number, slack = 0): void {
  const sorted = values.map((value) => (value - low) / (high - low)).sort((a, b) => a - b);
  expect(sorted[0]).toBeGreaterThanOrEqual(-slack);
  expect(sorted.at(-1)).toBeLessThanOrEqual(1 + slack);
  const gap = Math.max(...sorted.map((value, index) => Math.abs(value - (index + 0.5) / sorted.length)));
  expect(gap).toBeLessThan(1.95 / Math.sqrt(values.length));
}
