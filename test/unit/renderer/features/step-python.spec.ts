import { expect, test } from 'vitest';
import { createStep } from '../../../../src-shared/domain/pipeline/pipeline.ts';
import type { PipelineStep, StepOf } from '../../../../src-shared/domain/pipeline/steps.ts';
import { pythonOf } from '../../../../src-renderer/features/pipeline/step-python.ts';

const backbone = { inputSize: 224, mean: [0.4980392, 0.5, 0.5], std: [0.5019607, 0.5, 0.5] } as const;

test('writes a step as torchvision takes it, with the backbone’s numbers filled in', () => {
  expect(pythonOf(createStep('Resize', 'resize'), backbone)).toBe('Resize(size=224)');
  expect(pythonOf(createStep('Normalize', 'normalize'), backbone)).toBe(
    'Normalize(mean=[0.498, 0.5, 0.5], std=[0.502, 0.5, 0.5])',
  );
  expect(pythonOf(createStep('ToTensor', 'totensor'), backbone)).toBe('ToTensor()');
});

test('writes lists as tuples, texts in quotes and truth in capitals', () => {
  const pad: StepOf<'Pad'> = {
    ...createStep('Pad', 'pad'),
    parameters: { padding: [1, 2, 3, 4], fill: [255, 0, 0], padding_mode: 'edge' },
  };
  expect(pythonOf(pad, backbone)).toBe('Pad(padding=(1, 2, 3, 4), fill=(255, 0, 0), padding_mode="edge")');
  const resize: StepOf<'Resize'> = {
    ...createStep('Resize', 'resize'),
    parameters: { size: 'backbone', interpolation: 'bicubic', max_size: 300, antialias: false },
  };
  expect(pythonOf(resize, backbone)).toBe(
    'Resize(size=224, interpolation=InterpolationMode.BICUBIC, max_size=300, antialias=False)',
  );
});

test('writes a container with what it holds, and the weights of what it uses', () => {
  const steps: readonly PipelineStep[] = [
    createStep('RandomVerticalFlip', 'a'),
    { ...createStep('RandomGrayscale', 'b'), isEnabled: false },
    { ...createStep('RandomApply', 'c'), steps: [createStep('RandomHorizontalFlip', 'd')] },
  ];
  const choice: PipelineStep = { ...createStep('RandomChoice', 'one'), parameters: { p: [1, 2, 3] }, steps };
  expect(pythonOf(choice, backbone)).toBe(
    [
      'RandomChoice(',
      '    [',
      '        RandomVerticalFlip(),',
      '        # RandomGrayscale(),  # turned off',
      '        RandomApply([RandomHorizontalFlip()]),',
      '    ],',
      '    p=[1, 3],',
      ')',
    ].join('\n'),
  );
  expect(pythonOf(createStep('RandomOrder', 'none'), backbone)).toBe('RandomOrder([])');
});

test('writes floats where torchvision takes nothing else, and what it has another default for', () => {
  const elastic: StepOf<'ElasticTransform'> = {
    ...createStep('ElasticTransform', 'elastic'),
    parameters: { alpha: 40, sigma: [4, 2.5], interpolation: 'bilinear', fill: 0 },
  };
  expect(pythonOf(elastic, backbone)).toBe('ElasticTransform(alpha=40.0, sigma=(4.0, 2.5))');
  expect(pythonOf(createStep('Grayscale', 'grey'), backbone)).toBe('Grayscale(num_output_channels=3)');
  const noise: StepOf<'RandomErasing'> = {
    ...createStep('RandomErasing', 'erasing'),
    parameters: { p: 0.5, scale: [0.02, 0.2], ratio: [0.3, 3.3], value: 'random' },
  };
  expect(pythonOf(noise, backbone)).toBe('RandomErasing(scale=(0.02, 0.2), value="random")');
});
