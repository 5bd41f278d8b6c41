import { describe, expect, test } from 'vitest';
import { applyPipeline } from '../../../src-main/imaging/apply-pipeline.ts';
import { planContainer } from '../../../src-main/imaging/plan-container.ts';
import { tracePipeline, type TracedStep } from '../../../src-main/imaging/trace-pipeline.ts';
import type { RgbImage } from '../../../src-main/imaging/kernels/rgb-image.ts';
import type { ResolvedContainer, ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';

const drawCount = 6000;
const seeds = Array.from({ length: drawCount }, (_, index) => `run/epoch/1/${index}`);
const photo: RgbImage = { width: 6, height: 4, data: Uint8Array.from({ length: 72 }, (_, index) => index * 3) };
const flip: ResolvedStep = { id: 'flip', kind: 'RandomHorizontalFlip', parameters: { p: 1 } };
const upside: ResolvedStep = { id: 'upside', kind: 'RandomVerticalFlip', parameters: { p: 1 } };
const grey: ResolvedStep = { id: 'grey', kind: 'RandomGrayscale', parameters: { p: 1 } };
const pad: ResolvedStep = { id: 'pad', kind: 'Pad', parameters: { padding: 1, fill: 0, padding_mode: 'constant' } };
const three: readonly ResolvedStep[] = [flip, upside, grey];

function choice(p: readonly number[] | null, steps = three): ResolvedContainer {
  return { id: 'one', kind: 'RandomChoice', parameters: { p }, steps };
}
function order(steps: readonly ResolvedStep[]): ResolvedContainer {
  return { id: 'any', kind: 'RandomOrder', parameters: {}, steps };
}
function maybe(p: number, steps: readonly ResolvedStep[] = three): ResolvedContainer {
  return { id: 'maybe', kind: 'RandomApply', parameters: { p }, steps };
}

/** How often each plan comes, as a share. */
function shares(container: ResolvedContainer): Readonly<Record<string, number>> {
  const plans = seeds.map((seed) => planContainer(container, seed).order.join());
  return Object.fromEntries(
    [...new Set(plans)].sort().map((plan) => [plan, plans.filter((other) => other === plan).length / drawCount]),
  );
}

/** Five standard errors of a share: a fair generator leaves them once in two million fixed seeds. */
function expectShares(actual: Readonly<Record<string, number>>, expected: Readonly<Record<string, number>>): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [plan, share] of Object.entries(expected)) {
    expect(Math.abs((actual[plan] ?? 0) - share)).toBeLessThanOrEqual(5 * Math.sqrt((share * (1 - share)) / drawCount));
  }
}

describe('draws as torchvision does', () => {
  test('RandomApply does all of its steps with probability p, else none', () => {
    expectShares(shares(maybe(0.3)), { '': 0.7, '0,1,2': 0.3 });
    expect(shares(maybe(1))).toEqual({ '0,1,2': 1 });
    expect(shares(maybe(0))).toEqual({ '': 1 });
  });

  test('RandomChoice does one of its steps, all equally likely or by weight', () => {
    expectShares(shares(choice(null)), { 0: 1 / 3, 1: 1 / 3, 2: 1 / 3 });
    expectShares(shares(choice([3, 0, 1])), { 0: 0.75, 2: 0.25 });
    expect(shares(choice(null, []))).toEqual({ '': 1 });
  });

  test('RandomOrder does all of its steps, every order equally likely', () => {
    const sixth = 1 / 6;
    expectShares(shares(order(three)), {
      ...{ '0,1,2': sixth, '0,2,1': sixth, '1,0,2': sixth },
      ...{ '1,2,0': sixth, '2,0,1': sixth, '2,1,0': sixth },
    });
  });

  test('choice, order and what is drawn inside are independent', () => {
    const coins = seeds.filter(
      (seed) => planContainer(maybe(0.5), seed).order.length > 0 && planContainer(choice(null), seed).order[0] === 0,
    );
    expect(Math.abs(coins.length / drawCount - 1 / 6)).toBeLessThan(5 * Math.sqrt(5 / 36 / drawCount));
  });
});

describe('what a container drew', () => {
  test('keeps the order of the others when a step is added or goes', () => {
    for (const seed of seeds.slice(0, 50)) {
      const ids = planContainer(order([...three, pad]), seed).order.map((at) => [...three, pad][at]?.id);
      const fewer = planContainer(order(three), seed).order.map((at) => three[at]?.id);
      expect(ids.filter((id) => id !== 'pad')).toEqual(fewer);
    }
  });

  test('changes a choice only towards a step that is added or weighs more', () => {
    for (const seed of seeds.slice(0, 200)) {
      const before = planContainer(choice([1, 1, 1]), seed).order[0];
      expect([before, 2]).toContain(planContainer(choice([1, 1, 4]), seed).order[0]);
      expect([before, 3]).toContain(planContainer(choice(null, [...three, pad]), seed).order[0]);
    }
  });

  test('leaves the draws inside alone when steps move out of it', () => {
    const turn: ResolvedStep = {
      id: 'turn',
      kind: 'RandomRotation',
      parameters: { degrees: 30, interpolation: 'nearest', expand: false, center: null, fill: 0 },
    };
    const inside = tracePipeline(photo, [maybe(1, [turn])], 4)[0]?.steps[0];
    const outside = tracePipeline(photo, [turn], 4)[0];
    expect(inside).toEqual(outside);
  });
});

describe('the trace of containers', () => {
  const list: readonly ResolvedStep[] = [
    order([pad, { id: 'all', kind: 'Compose', parameters: {}, steps: [choice(null), upside] }]),
    maybe(0, [grey]),
  ];

  test.each([1, 2, 3, 4, 5, 6])('ends where the pipeline ends, and tells all that happened: %i', (seed) => {
    const trace = tracePipeline(photo, list, seed);
    const last = trace.at(-1);
    if (last?.status !== 'done') throw new Error('Expected every step to run');
    expect(last.value).toEqual(applyPipeline(photo, list, seed));
    expect(last.facts).toEqual({ isApplied: false });
    expect(last.steps.map(({ status }) => status)).toEqual(['left-out']);
    const [any] = trace;
    const [padded, all] = any?.steps ?? [];
    const one = all?.steps[0];
    expect(one?.steps.filter(({ status }) => status === 'done').length).toBe(1);
    const isPadFirst = factsOf(any)['order'] === 'Pad, Compose';
    expect(padded?.status === 'done' && padded.before[0]?.width).toBe(6);
    expect(all?.status === 'done' && all.before[0]?.width).toBe(isPadFirst ? 8 : 6);
  });

  test('names a step that cannot run by its own number, and ends there', () => {
    const bad: ResolvedStep = { id: 'bad', kind: 'Normalize', parameters: { mean: [0, 0, 0], std: [1, 1, 1] } };
    const broken = [pad, maybe(1, [flip, { id: 'in', kind: 'Compose', parameters: {}, steps: [bad, grey] }]), upside];
    const trace = tracePipeline(photo, broken, 1);
    expect(statuses(trace)).toEqual(['done', ['failed', 'done', ['failed', 'failed', 'skipped']], 'skipped']);
    expect(() => applyPipeline(photo, broken, 1)).toThrow('Step 2b1 (Normalize): Normalize needs a tensor');
  });
});

function factsOf(traced: TracedStep | undefined): Readonly<Record<string, unknown>> {
  return traced?.status === 'done' ? traced.facts : {};
}

function statuses(trace: readonly TracedStep[]): readonly unknown[] {
  return trace.map(({ status, steps }) => (steps.length === 0 ? status : [status, ...statuses(steps)]));
}
