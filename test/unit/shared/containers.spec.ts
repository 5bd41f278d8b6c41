import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { checkSteps } from '../../../src-shared/domain/pipeline/check.ts';
import { pipelineIdSchema } from '../../../src-shared/domain/ids.ts';
import {
  classicPipeline,
  createStep,
  deriveEvaluation,
  hasRandomSteps,
  pipelineSchema,
} from '../../../src-shared/domain/pipeline/pipeline.ts';
import { resolveSteps, resolveStraight } from '../../../src-shared/domain/pipeline/resolve.ts';
import type { ContainerKind } from '../../../src-shared/domain/pipeline/containers.ts';
import type { PipelineStep, StepKind } from '../../../src-shared/domain/pipeline/steps.ts';
import { stepLabel } from '../../../src-shared/domain/pipeline/step-label.ts';
import {
  insertStep,
  moveStep,
  placesAt,
  placeSteps,
  removeStep,
} from '../../../src-shared/domain/pipeline/step-tree.ts';

const backbone = { inputSize: 224, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;
const classic = classicPipeline(v.parse(pipelineIdSchema, 'classic'), 'Classic');

function holding(kind: ContainerKind, id: string, steps: readonly PipelineStep[]): PipelineStep {
  return { ...createStep(kind, id), steps };
}

/** Steps whose ids are their kinds in small letters. */
function stepsOf(...kinds: readonly StepKind[]): readonly PipelineStep[] {
  return kinds.map((kind): PipelineStep => createStep(kind, kind.toLowerCase()));
}

function problemsOf(steps: readonly PipelineStep[], part: 'training' | 'evaluation' = 'training'): readonly string[] {
  return checkSteps(steps, part, backbone).map(
    ({ code, stepId, facts }) => `${code}@${stepId ?? 'list'}#${facts['step'] ?? ''}`,
  );
}

function parse(training: readonly PipelineStep[]): string {
  const parsed = v.safeParse(pipelineSchema, { ...classic, training });
  return parsed.success ? 'read' : parsed.issues[0].message;
}

/** So many containers inside one another. */
function nested(depth: number): PipelineStep {
  const inner = depth > 1 ? [nested(depth - 1)] : [createStep('RandomGrayscale', 'grey')];
  return holding('Compose', `compose-${depth}`, inner);
}

describe('a pipeline as data', () => {
  it('holds containers in containers, and comes back as it was', () => {
    const training = [holding('RandomChoice', 'one', [nested(3), ...stepsOf('RandomRotation')]), ...classic.training];
    expect(v.parse(pipelineSchema, structuredClone({ ...classic, training })).training).toEqual(training);
  });

  it('is refused where it goes too deep, however deep, and where it is too long', () => {
    expect(parse([nested(4)])).toBe('read');
    expect(parse([nested(5)])).toBe('Expected ‹at most 4 containers inside one another›');
    expect(parse([nested(2000)])).toBe('Expected ‹at most 4 containers inside one another›');
    const many = Array.from({ length: 60 }, (_, index) => createStep('Pad', `pad-${index}`));
    expect(parse(many)).toBe('read');
    expect(parse([holding('Compose', 'all', many)])).toBe('Expected ‹at most 60 steps, those in containers included›');
  });

  it('is refused where two steps have one id, because they would draw the same', () => {
    const twice = [...stepsOf('RandomRotation'), holding('RandomApply', 'maybe', stepsOf('RandomRotation'))];
    expect(parse(twice)).toBe('Expected ‹an id for each step›, received ‹randomrotation› twice');
  });
});

describe('checkSteps of containers', () => {
  const [flip, ...rest] = classic.training;
  const around = (...steps: readonly PipelineStep[]): readonly PipelineStep[] => [...steps, ...rest];

  it('names the child that is wrong, by its own number', () => {
    const late = [...rest, holding('RandomApply', 'maybe', [createStep('RandomGrayscale', 'grey'), flip!])];
    expect(problemsOf(late)).toEqual(['needs-picture@grey#5a', 'needs-picture@randomhorizontalflip#5b']);
  });

  it('refuses ToTensor in what is not done to every image', () => {
    for (const kind of ['RandomApply', 'RandomChoice', 'RandomOrder'] as const) {
      const steps = [
        ...stepsOf('Resize', 'CenterCrop'),
        holding(kind, 'maybe', stepsOf('ToTensor')),
        ...stepsOf('Normalize'),
      ];
      expect(problemsOf(steps)[0]).toBe('tensor-sometimes@totensor#3a');
    }
    const always = [...stepsOf('Resize', 'CenterCrop'), holding('Compose', 'end', stepsOf('ToTensor', 'Normalize'))];
    expect(problemsOf(always)).toEqual([]);
  });

  it('knows a size only where all ways agree', () => {
    const crop = createStep('RandomCrop', 'crop');
    const list = (step: PipelineStep): readonly string[] => problemsOf([step, ...stepsOf('ToTensor', 'Normalize')]);
    expect(list(holding('RandomApply', 'maybe', [crop]))).toEqual(['unknown-size@list#']);
    expect(list(holding('RandomChoice', 'one', [crop, createStep('CenterCrop', 'centre')]))).toEqual([]);
    expect(list(holding('RandomChoice', 'one', [crop, createStep('RandomGrayscale', 'grey')]))).toEqual([
      'unknown-size@list#',
    ]);
    expect(list(holding('RandomOrder', 'any', [crop, createStep('RandomRotation', 'turn')]))).toEqual([]);
    expect(list(holding('RandomOrder', 'any', [crop, createStep('Pad', 'pad')]))).toEqual(['unknown-size@list#']);
    expect(problemsOf(around(holding('RandomApply', 'maybe', stepsOf('Pad'))))).toEqual([]);
  });

  it('refuses random containers in evaluation, each once', () => {
    const maybe = holding('RandomApply', 'maybe', [holding('RandomOrder', 'any', stepsOf('ColorJitter'))]);
    expect(problemsOf(around(maybe), 'evaluation')).toEqual(['random-in-evaluation@maybe#1']);
    expect(problemsOf(around(holding('Compose', 'all', [flip!])), 'evaluation')).toEqual([
      'random-in-evaluation@randomhorizontalflip#1a',
    ]);
  });

  it('asks for one weight a step, not all of them 0, and tells an empty container', () => {
    const choice = (p: readonly number[], ...steps: readonly PipelineStep[]): PipelineStep => ({
      ...createStep('RandomChoice', 'one'),
      parameters: { p },
      steps,
    });
    const [grey] = stepsOf('RandomGrayscale');
    expect(problemsOf(around(choice([1, 0], flip!, grey!)))).toEqual([]);
    expect(problemsOf(around(choice([1], flip!, grey!)))).toEqual(['bad-weights@one#1']);
    expect(problemsOf(around(choice([0, 1], flip!, { ...grey!, isEnabled: false })))).toEqual(['bad-weights@one#1']);
    expect(problemsOf(around(holding('RandomApply', 'maybe', [])))).toEqual(['empty-container@maybe#1']);
  });
});

describe('what is made of a list with containers', () => {
  it('is random when a child is, and not when that is switched off', () => {
    const grey = createStep('RandomGrayscale', 'grey');
    expect(hasRandomSteps([holding('Compose', 'all', [grey])])).toBe(true);
    expect(hasRandomSteps([holding('Compose', 'all', [{ ...grey, isEnabled: false }])])).toBe(false);
  });

  it('evaluates without what is random, in the listed order', () => {
    const training = [
      holding('RandomApply', 'maybe', stepsOf('Pad')),
      holding('RandomOrder', 'any', [createStep('RandomCrop', 'crop'), createStep('ColorJitter', 'jitter')]),
      holding('Compose', 'rest', [createStep('RandomGrayscale', 'grey')]),
    ];
    expect(deriveEvaluation(training)).toEqual([holding('Compose', 'any', [createStep('CenterCrop', 'crop')])]);
  });

  it('is resolved at every depth, weights going with their steps', () => {
    const off: PipelineStep = { ...createStep('Pad', 'off'), isEnabled: false };
    const choice: PipelineStep = {
      ...createStep('RandomChoice', 'one'),
      parameters: { p: [1, 2, 3] },
      steps: [createStep('CenterCrop', 'a'), off, holding('Compose', 'b', [])],
    };
    expect(resolveSteps([choice], backbone)).toEqual([
      {
        id: 'one',
        kind: 'RandomChoice',
        parameters: { p: [1, 3] },
        steps: [
          { id: 'a', kind: 'CenterCrop', parameters: { size: 224 } },
          { id: 'b', kind: 'Compose', parameters: {}, steps: [] },
        ],
      },
    ]);
  });

  it('stands in one row where nothing is random', () => {
    const list = [
      holding('Compose', 'x', [holding('Compose', 'y', stepsOf('CenterCrop', 'Pad')), ...stepsOf('ToTensor')]),
    ];
    expect(resolveStraight(list, backbone).map(({ kind }) => kind)).toEqual(['CenterCrop', 'Pad', 'ToTensor']);
  });
});

describe('steps in a tree', () => {
  const tree = [
    holding('RandomChoice', 'one', [createStep('Pad', 'a'), createStep('Pad', 'b')]),
    createStep('Pad', 'c'),
  ];
  const weighed = tree.map((step): PipelineStep =>
    step.kind === 'RandomChoice' ? { ...step, parameters: { p: [1, 3] } } : step,
  );
  const outline = (steps: readonly PipelineStep[]): string =>
    placeSteps(steps)
      .map(({ step, label }) => `${step.id}:${label}`)
      .join(' ');
  const weights = (steps: readonly PipelineStep[]): unknown =>
    steps.map((step) => (step.kind === 'RandomChoice' ? step.parameters.p : null));

  it('are numbered by digits and letters in turn', () => {
    expect(outline(tree)).toBe('one:1 a:1a b:1b c:2');
    expect([stepLabel([2, 0, 0, 27]), stepLabel([0, 25])]).toEqual(['3a1ab', '1z']);
  });

  it('move into, inside and out of a container', () => {
    expect(outline(moveStep(tree, 'c', { parentId: 'one', index: 0 }))).toBe('one:1 c:1a a:1b b:1c');
    expect(outline(moveStep(tree, 'a', { parentId: 'one', index: 2 }))).toBe('one:1 b:1a a:1b c:2');
    expect(outline(moveStep(tree, 'a', { parentId: null, index: 1 }))).toBe('one:1 b:1a a:2 c:3');
  });

  it('can be put at every depth that ends in a gap', () => {
    const gaps = [0, 1, 2, 3, 4].map((gap) =>
      placesAt(tree, gap).map(({ parentId, index }) => `${parentId ?? 'list'} ${index}`),
    );
    expect(gaps).toEqual([['list 0'], ['one 0'], ['one 1'], ['one 2', 'list 1'], ['list 2']]);
    const empty = placesAt([holding('Compose', 'empty', [])], 1).map(({ parentId, depth }) => [parentId, depth]);
    expect(empty).toEqual([
      ['empty', 1],
      [null, 0],
    ]);
  });

  it('stay where they are rather than go into themselves or too deep', () => {
    expect(moveStep(tree, 'one', { parentId: 'one', index: 0 })).toBe(tree);
    const deep = [nested(4), holding('Compose', 'more', [])];
    expect(moveStep(deep, 'more', { parentId: 'compose-1', index: 0 })).toBe(deep);
    expect(moveStep(deep, 'more', { parentId: 'compose-2', index: 0 })).not.toBe(deep);
  });

  it('keep their weights, and a new one weighs what the others do on average', () => {
    expect(weights(removeStep(weighed, 'a'))).toEqual([[3], null]);
    expect(weights(insertStep(weighed, { parentId: 'one', index: 1 }, createStep('Pad', 'd')))).toEqual([
      [1, 2, 3],
      null,
    ]);
    expect(weights(moveStep(weighed, 'b', { parentId: 'one', index: 0 }))).toEqual([[3, 1], null]);
  });
});
