import type * as v from 'valibot';

/** Under which heading a kind of step is offered. */
export type StepGroup = 'size' | 'geometry' | 'color' | 'policy' | 'tensor' | 'views';

/** Height and width in pixels once every image is sure to have them, else null. */
export type SureSize = readonly [height: number, width: number] | null;

/** Ends of a parameter that its schema lets through and that cannot run. */
export interface BadRange {
  readonly field: string;
  readonly expected: string;
}

/** What the app knows of a kind of step without running it. */
export interface StepKindRecord<Parameters> {
  readonly parameters: v.GenericSchema<unknown, Parameters>;
  /** torchvision's defaults; where it has none (size, degrees, padding) the least surprising value. */
  readonly defaults: Parameters;
  readonly group: StepGroup;
  /** True for steps that draw their parameters anew for each image; these never run in evaluation. */
  readonly isRandom: boolean;
  /** What it takes: a picture, or what ToTensor makes of one. */
  readonly input: 'picture' | 'tensor';
  /** How many pictures it makes of one; more than one only in evaluation, which averages what the network says of them. */
  readonly viewCount: number;
  /** The size that it makes; a backbone's own size is `inputSize` squared. */
  readonly sizeAfter: (parameters: Parameters, before: SureSize, inputSize: number) => SureSize;
  readonly badRanges: (parameters: Parameters) => readonly BadRange[];
}

type Optional = 'isRandom' | 'input' | 'viewCount' | 'sizeAfter' | 'badRanges';
type StepKindParts<Parameters> = Omit<StepKindRecord<Parameters>, Optional | 'parameters'> &
  Partial<Pick<StepKindRecord<Parameters>, Optional>>;

/** Describes a kind of step; unless told otherwise it is not random, makes one picture of one and keeps its size. */
export function defineStepKind<Parameters>(
  parameters: v.GenericSchema<unknown, Parameters>,
  parts: StepKindParts<Parameters>,
): StepKindRecord<Parameters> {
  return {
    parameters,
    isRandom: false,
    input: 'picture',
    viewCount: 1,
    sizeAfter: (_parameters, before) => before,
    badRanges: () => [],
    ...parts,
  };
}
