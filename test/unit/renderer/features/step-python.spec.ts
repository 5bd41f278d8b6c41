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
