import type { Sentence } from '../../src-shared/domain/sentence.ts';
import type { GraphicsCard } from './graphics-card.ts';

/** An installed TensorFlow, ready to be loaded by a trainer process. */
export interface TensorFlowRuntime {
  /** What its operations run on. */
  readonly kind: 'cpu' | 'cuda';
  /** Where its libraries came from: Python's wheel, or the place that the npm package itself takes them from. */
  readonly way: 'wheel' | 'package';
  /** TensorFlow's version, e.g. 2.21.0. */
  readonly version: string;
  /** The folder of this runtime in the per-user cache. */
  readonly folder: string;
  /** The N-API binding; finds the libraries beside it by itself. */
  readonly bindingPath: string;
  /** The npm package whose JavaScript drives the binding. */
  readonly packageRoot: string;
}

/** What the installation is doing. */
export type RuntimeStage = 'waiting' | 'downloading' | 'checking' | 'unpacking' | 'compiling' | 'ready';

/** How far the installation is. */
export interface RuntimeProgress {
  readonly stage: RuntimeStage;
  /** Share of the whole installation, 0..1. */
  readonly value: number;
  readonly words: Sentence;
  readonly bytes?: { readonly done: number; readonly total: number };
}

/** One thing that was looked at. */
export interface RuntimeFinding {
  readonly what: Sentence;
  readonly found: Sentence;
  readonly isGood: boolean;
}

/** Whether a graphics card trains here, and why not where it does not. */
export type CardDescription =
  | { readonly kind: 'none'; readonly card: GraphicsCard | null; readonly reason: Sentence }
  | {
      readonly kind: 'not-installed';
      readonly card: GraphicsCard;
      readonly downloadBytes: number;
      readonly diskBytes: number;
    }
  | { readonly kind: 'unwanted'; readonly card: GraphicsCard; readonly reason: Sentence }
  /** The latest try of an operation on it failed. */
  | { readonly kind: 'refused'; readonly card: GraphicsCard; readonly reason: Sentence }
  | { readonly kind: 'ready'; readonly card: GraphicsCard };

interface WhatWasFound {
  readonly findings: readonly RuntimeFinding[];
  readonly card: CardDescription;
  /** True where ONNX Runtime loads: feature extraction then needs no TensorFlow. */
  readonly trainsHeads: boolean;
}

/** What trains on this machine; `reason` says what is missing and what to do. */
export type RuntimeDescription = WhatWasFound &
  (
    | { readonly kind: 'ready'; readonly runtime: TensorFlowRuntime }
    | {
        readonly kind: 'not-installed';
        readonly version: string;
        readonly downloadBytes: number;
        readonly diskBytes: number;
        readonly folder: string;
      }
    | { readonly kind: 'unavailable'; readonly reason: Sentence }
  );
