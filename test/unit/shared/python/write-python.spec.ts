import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { createStep } from '../../../../src-shared/domain/pipeline/pipeline.ts';
import { placeSteps } from '../../../../src-shared/domain/pipeline/step-tree.ts';
import { readPython } from '../../../../src-shared/domain/pipeline/python/read-python.ts';
import { writePython } from '../../../../src-shared/domain/pipeline/python/write-python.ts';
import {
  isContainer,
  leafKinds,
  pipelineStepSchema,
  stepKindRecords,
  type LeafKind,
  type PipelineStep,
  type StepKind,
} from '../../../../src-shared/domain/pipeline/steps.ts';
import { createRandom, type Random } from '../../../../src-shared/lib/seeded-random.ts';
import { valueOfSchema } from '../../../support/value-of-schema.ts';

const backbone = { title: 'EfficientNet-Lite0', inputSize: 224, mean: [0.5, 0.4, 0.3], std: [0.2, 0.25, 0.3] } as const;

test('a program is written as Black writes it', () => {
  const jitter = { brightness: 0.25, contrast: [0.5, 1.5], saturation: [0.125, 1.875], hue: [-0.05, 0.05] };
  const training = [
    createStep('Resize', 'a'),
    changed('RandomCrop', { size: [200, 180], padding: 4, padding_mode: 'reflect' }),
    { ...createStep('RandomVerticalFlip', 'c'), isEnabled: false },
    changed('ColorJitter', jitter),
    createStep('ToTensor', 'd'),
    createStep('Normalize', 'e'),
  ];
  expect(writePython({ training, evaluation: [changed('Normalize', { statistics: 'imagenet' })] }, backbone)).toBe(
    `from torchvision import transforms

# What EfficientNet-Lite0 was trained on: side in pixels, mean and standard deviation.
backbone_size = 224
backbone_mean = [0.5, 0.4, 0.3]
backbone_std = [0.2, 0.25, 0.3]

train_transform = transforms.Compose(
    [
        transforms.Resize(size=backbone_size),
        transforms.RandomCrop(size=(200, 180), padding=4, padding_mode="reflect"),
        # transforms.RandomVerticalFlip(),  # turned off
        transforms.ColorJitter(
            brightness=0.25,
            contrast=(0.5, 1.5),
            saturation=(0.125, 1.875),
            hue=(-0.05, 0.05),
        ),
        transforms.ToTensor(),
        transforms.Normalize(mean=backbone_mean, std=backbone_std),
    ]
)

eval_transform = transforms.Compose(
    [
        transforms.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),
    ]
)
`,
  );
});

describe.each(leafKinds)('%s', (kind) => {
  test('with any parameters is the same after a journey through Python', () => {
    const random = createRandom(kind);
    for (let round = 0; round < 60; round += 1) {
      const training = [randomStep(kind, random), randomStep(kind, random)];
      const text = writePython({ training, evaluation: training.slice(1) }, backbone);
      const { lists, problems } = readPython(text);
      expect(problems, text).toEqual([]);
      expect(lists?.training.map(withoutId), text).toEqual(training.map(withoutId));
      expect(lists?.evaluation.map(withoutId), text).toEqual(training.slice(1).map(withoutId));
    }
  });
});

function randomStep(kind: LeafKind, random: Random): PipelineStep {
  const parameters = valueOfSchema(stepKindRecords[kind].parameters, random);
  return v.parse(pipelineStepSchema, { ...createStep(kind, 'a'), parameters });
}

function changed(kind: StepKind, parameters: object): PipelineStep {
  const step = createStep(kind, 'x');
  return v.parse(pipelineStepSchema, { ...step, parameters: { ...step.parameters, ...parameters } });
}

function withoutId({ kind, isEnabled, parameters }: PipelineStep): object {
  return { kind, isEnabled, parameters };
}

test('containers are the same after a journey through Python, lists in lists of branches as well', () => {
  const training: readonly PipelineStep[] = [
    {
      ...createStep('RandomChoice', 'one'),
      parameters: { p: [0.2, 0.8] },
      steps: [
        { ...createStep('Compose', 'both'), steps: [createStep('RandomGrayscale', 'a'), createStep('Pad', 'b')] },
        { ...createStep('RandomApply', 'maybe'), parameters: { p: 0.3 }, steps: [createStep('ColorJitter', 'c')] },
      ],
    },
    { ...createStep('RandomOrder', 'any'), steps: [createStep('RandomVerticalFlip', 'd')] },
  ];
  const text = writePython({ training, evaluation: [] }, backbone);
  const { lists, problems } = readPython(text);
  expect(problems, text).toEqual([]);
  const shapeOf = (steps: readonly PipelineStep[]): readonly unknown[] =>
    steps.map((step) => [withoutId(step), isContainer(step) ? shapeOf(step.steps) : []]);
  expect(shapeOf(lists?.training ?? []), text).toEqual(shapeOf(training));
  const ids = placeSteps(lists?.training ?? []).map(({ step }) => step.id);
  expect(new Set(ids).size).toBe(8);
});

test('a container leaves out of its program what is turned off, with its weight', () => {
  const off: PipelineStep = { ...createStep('RandomGrayscale', 'b'), isEnabled: false };
  const steps = [createStep('RandomVerticalFlip', 'a'), off];
  const choice: PipelineStep = { ...createStep('RandomChoice', 'one'), parameters: { p: [1, 2] }, steps };
  const text = writePython({ training: [choice], evaluation: [] }, backbone);
  expect(text).toContain('# transforms.RandomGrayscale(),  # turned off');
  const [read] = readPython(text).lists?.training ?? [];
  expect(read).toMatchObject({ parameters: { p: [1] }, steps: [{ kind: 'RandomVerticalFlip' }] });
});
