import Check from '@lucide/svelte/icons/check';
import CircleAlert from '@lucide/svelte/icons/circle-alert';
import CircleDot from '@lucide/svelte/icons/circle-dot';
import Clock from '@lucide/svelte/icons/clock';
import Square from '@lucide/svelte/icons/square';
import TriangleAlert from '@lucide/svelte/icons/triangle-alert';
import type { Split } from '../../../src-shared/domain/dataset.ts';
import type { TrainingMode } from '../../../src-shared/domain/recipe/recipe.ts';
import type { RunPhase, RunStatus } from '../../../src-shared/domain/run.ts';
import type { MessageKey } from '../../messages/messages.ts';
import type { Icon } from '../../ui/icon.ts';

interface StatusLook {
  readonly icon: Icon;
  readonly tone: 'plain' | 'ok' | 'warn' | 'bad';
  readonly words: MessageKey;
}

/** How a status looks and is called everywhere. */
export const statusLooks: Readonly<Record<RunStatus, StatusLook>> = {
  queued: { icon: Clock, tone: 'plain', words: 'run.queued' },
  preparing: { icon: CircleDot, tone: 'plain', words: 'run.preparing' },
  training: { icon: CircleDot, tone: 'plain', words: 'run.training' },
  evaluating: { icon: CircleDot, tone: 'plain', words: 'run.evaluating' },
  completed: { icon: Check, tone: 'ok', words: 'run.completed' },
  cancelled: { icon: Square, tone: 'warn', words: 'run.cancelled' },
  interrupted: { icon: TriangleAlert, tone: 'warn', words: 'run.interrupted' },
  failed: { icon: CircleAlert, tone: 'bad', words: 'run.failed' },
};

export const phaseWords: Readonly<Record<RunPhase, MessageKey>> = {
  features: 'run.phaseFeatures',
  head: 'run.phaseHead',
  all: 'run.phaseAll',
  evaluation: 'run.phaseEvaluation',
};

export const modeWords: Readonly<Record<TrainingMode, MessageKey>> = {
  'feature-extraction': 'run.featureExtraction',
  'fine-tuning': 'run.fineTuning',
};

export const judgingWords: Readonly<Record<Split, MessageKey>> = {
  training: 'run.judgingTraining',
  validation: 'run.judgingValidation',
  test: 'run.judgingTest',
};

/** The stages of work that a run of this mode goes through, in order. */
export function phasesOf(mode: TrainingMode): readonly RunPhase[] {
  return mode === 'fine-tuning' ? ['features', 'head', 'all', 'evaluation'] : ['features', 'head', 'evaluation'];
}
