import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { createStep } from '../../../../src-shared/domain/pipeline/pipeline.ts';
import { readPython } from '../../../../src-shared/domain/pipeline/python/read-python.ts';
import { writePython } from '../../../../src-shared/domain/pipeline/python/write-python.ts';
import {
  pipelineStepSchema,
  stepKinds,
  stepKindRecords,
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

describe.each(stepKinds)('%s', (kind) => {
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

function randomStep(kind: StepKind, random: Random): PipelineStep {
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
