import * as v from 'valibot';
import { defineStepKind } from './step-kind.ts';

/** Turns the picture into numbers in [0, 1]. */
export const toTensor = defineStepKind(v.pipe(v.strictObject({}), v.readonly()), { defaults: {}, group: 'tensor' });
