import { readFileSync } from 'node:fs';
import type { Optimizer } from '../../src-shared/domain/recipe/optimizer.ts';

/** What PyTorch made of small cases; test/fixtures/torch/generate.py wrote them. */
export interface TorchCases {
  readonly start: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  readonly learningRate: number;
  readonly optimizers: readonly {
    readonly settings: Optimizer;
    readonly weightDecay: number;
    /** Weights after each step, without and with weight decay. */
    readonly plain: readonly (readonly number[])[];
    readonly decayed: readonly (readonly number[])[];
  }[];
}

const file = new URL('../fixtures/torch/cases.json', import.meta.url);
export const torchCases = JSON.parse(readFileSync(file, 'utf8')) as TorchCases;
