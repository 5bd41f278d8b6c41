import { readFileSync } from 'node:fs';
import type { Optimizer } from '../../src-shared/domain/recipe/optimizer.ts';
import type { Schedule, WarmUp } from '../../src-shared/domain/recipe/schedule.ts';

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
  readonly schedules: readonly {
    readonly settings: Schedule;
    readonly warmUp: WarmUp | null;
    readonly stepsPerEpoch: number;
    readonly epochs: number;
    readonly learningRate: number;
    /** Of every step. */
    readonly rates: readonly number[];
  }[];
  readonly logits: readonly (readonly number[])[];
  readonly labels: readonly number[];
  /** Rows of class probabilities. */
  readonly mixed: readonly (readonly number[])[];
  readonly losses: readonly {
    readonly smoothing: number;
    readonly classWeights: readonly number[] | null;
    readonly isMixed: boolean;
    readonly loss: number;
    /** d loss / d logits. */
    readonly gradient: readonly (readonly number[])[];
  }[];
  /** torch.nn.BCEWithLogitsLoss. */
  readonly binaryLosses: readonly {
    readonly logits: readonly (readonly number[])[];
    readonly targets: readonly (readonly number[])[];
    readonly positiveWeights: readonly number[] | null;
    readonly loss: number;
    /** d loss / d logits. */
    readonly gradient: readonly (readonly number[])[];
  }[];
  readonly clips: readonly { readonly maxNorm: number; readonly clipped: readonly (readonly number[])[] }[];
  readonly plateaus: readonly {
    readonly settings: Extract<Schedule, { kind: 'reduce-on-plateau' }>;
    readonly learningRate: number;
    /** Of each epoch, and the learning rate after it. */
    readonly losses: readonly number[];
    readonly rates: readonly number[];
  }[];
}

const file = new URL('../fixtures/torch/cases.json', import.meta.url);
export const torchCases = JSON.parse(readFileSync(file, 'utf8')) as TorchCases;
