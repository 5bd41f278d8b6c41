import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { containerDefaults, containerKinds } from '../../../../src-shared/domain/pipeline/containers.ts';
import { createStep } from '../../../../src-shared/domain/pipeline/pipeline.ts';
import { requiredArguments } from '../../../../src-shared/domain/pipeline/python/names.ts';
import { argumentNames } from '../../../../src-shared/domain/pipeline/python/read-arguments.ts';
import { writePython } from '../../../../src-shared/domain/pipeline/python/write-python.ts';
import {
  leafKinds,
  stepKindRecords,
  viewsOfKind,
  type LeafKind,
  type LeafOf,
  type PipelineStep,
} from '../../../../src-shared/domain/pipeline/steps.ts';
import { createRandom } from '../../../../src-shared/lib/seeded-random.ts';
import { valueOfSchema } from '../../../support/value-of-schema.ts';

// What torchvision made of a program for each kind: test/fixtures/python/construct.py.

interface Constructed {
  readonly program: string;
  readonly constructed: string;
  readonly arguments: readonly string[];
  readonly required: readonly string[];
}

const backbone = { title: 'EfficientNet-Lite0', inputSize: 224, mean: [0.5, 0.4, 0.3], std: [0.2, 0.25, 0.3] } as const;
const boxed = [createStep('RandomHorizontalFlip', 'flip'), createStep('Pad', 'pad')];
// torchvision has no class for it.
const knownKinds = leafKinds.filter((kind) => kind !== 'FlipViews');
const programs = Object.fromEntries<string>([
  ...knownKinds.map((kind) => [kind, programOf(stepsOf(kind))] as const),
  ...containerKinds.map((kind) => [kind, programOf([{ ...createStep(kind, 'one'), steps: boxed }])] as const),
]);
const written = process.env['GRAFT_PROGRAMS'];
if (written !== undefined) writeFileSync(written, JSON.stringify(programs));

const { kinds } = JSON.parse(
  readFileSync(new URL('../../../fixtures/python/constructed.json', import.meta.url), 'utf8'),
) as { readonly kinds: Readonly<Record<string, Constructed>> };

test.each(knownKinds)('%s is written as torchvision takes it, its arguments in torchvision’s order', (kind) => {
  const known = kinds[kind];
  expect(known?.program).toBe(programs[kind]);
  expect(known?.constructed.match(new RegExp(`\\b${kind}\\(`, 'gu'))).toHaveLength(stepsOf(kind).length);
  const order = argumentNames(kind);
  expect(known?.arguments.slice(0, order.length)).toEqual(order);
  // Where torchvision has a default that is not Graft's, the argument is written too.
  const differing = kind === 'Grayscale' ? ['num_output_channels'] : [];
  expect(requiredArguments[kind] ?? []).toEqual([...(known?.required ?? []), ...differing]);
});

test.each(containerKinds)('%s is written as torchvision takes it, with what it holds', (kind) => {
  const known = kinds[kind];
  expect(known?.program).toBe(programs[kind]);
  expect(known?.constructed).toMatch(new RegExp(`\\b${kind}\\([^]*RandomHorizontalFlip\\([^]*Pad\\(`, 'u'));
  expect(known?.required).toEqual(['transforms']);
  expect(known?.arguments).toEqual(['transforms', ...Object.keys(containerDefaults[kind])]);
});

function programOf(training: readonly PipelineStep[]): string {
  return writePython({ training, evaluation: [] }, backbone);
}

/** Views of views there are none, so that the second step would stand in a function. */
function stepsOf(kind: LeafKind): readonly PipelineStep[] {
  return viewsOfKind(kind) > 1 ? [withAnyParameters(kind)] : [createStep(kind, 'one'), withAnyParameters(kind)];
}

/** A step with parameters that its schema accepts and that can run. */
function withAnyParameters<K extends LeafKind>(kind: K): LeafOf<K> {
  const { parameters: schema, badRanges } = stepKindRecords[kind];
  const random = createRandom(kind);
  let parameters = valueOfSchema(schema, random);
  while (badRanges(parameters).length > 0) parameters = valueOfSchema(schema, random);
  return { ...createStep(kind, 'two'), parameters };
}
