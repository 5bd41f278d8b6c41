import type { Pipeline } from '../pipeline.ts';
import type { BackboneInput } from '../resolve.ts';
import type { PipelineStep } from '../steps.ts';
import { layOut, type Piece } from './layout.ts';
import { backboneNames } from './names.ts';
import { namedBackbone, writtenBackbone } from './write-arguments.ts';
import { writeSteps } from './write-step.ts';

/** The backbone whose size and statistics a program has, and what people call it. */
export interface NamedBackbone extends BackboneInput {
  readonly title: string;
}

/**
 * The pipeline as a program for torchvision, formatted as Black formats: `train_transform` and `eval_transform`. What the pipeline takes
 * from the backbone stands above under names; steps that are turned off stay as comments.
 */
export function writePython(pipeline: Pick<Pipeline, 'training' | 'evaluation'>, backbone: NamedBackbone): string {
  return writeProgram(
    [
      ['train_transform', pipeline.training],
      ['eval_transform', pipeline.evaluation],
    ],
    backbone,
  );
}

/** Named lists of steps as a program for torchvision. */
export function writeProgram(
  lists: readonly (readonly [name: string, steps: readonly PipelineStep[]])[],
  backbone: NamedBackbone,
): string {
  const body = lists.map(([name, steps]) => writeList(name, steps)).join('\n\n');
  return `${[...imports(body), ...backboneLines(body, backbone), '', body].join('\n')}\n`;
}

function writeList(name: string, steps: readonly PipelineStep[]): string {
  const items = writeSteps(steps, namedBackbone, 'transforms.');
  const list: Piece = { open: '[', items, close: ']', isTall: true };
  return layOut({ open: `${name} = transforms.Compose(`, items: [list], close: ')' }, 0);
}

function imports(body: string): readonly string[] {
  const names = ['AutoAugmentPolicy', 'InterpolationMode'].filter((name) => body.includes(`${name}.`));
  return [
    ...(body.includes('torch.stack(') ? ['import torch'] : []),
    'from torchvision import transforms',
    ...(names.length === 0 ? [] : [`from torchvision.transforms import ${names.join(', ')}`]),
  ];
}

function backboneLines(body: string, backbone: NamedBackbone): readonly string[] {
  const words = writtenBackbone(backbone);
  const used = (['size', 'mean', 'std'] as const).filter((part) => body.includes(backboneNames[part]));
  if (used.length === 0) return [];
  return [
    '',
    `# What ${backbone.title} was trained on: side in pixels, mean and standard deviation.`,
    ...used.map((part) => `${backboneNames[part]} = ${words[part]}`),
  ];
}
