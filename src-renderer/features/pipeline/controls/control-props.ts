import type { PipelineStep } from '../../../../src-shared/domain/pipeline/steps.ts';

/** What every control of a parameter gets. */
export interface ControlProps {
  readonly step: PipelineStep;
  readonly field: string;
  readonly value: unknown;
  readonly isDisabled: boolean;
  /** False: the step cannot have this value, and keeps the one before. */
  readonly onchange: (value: unknown) => boolean;
}
