import * as v from 'valibot';
import { defineStepKind } from './step-kind.ts';

/**
 * The picture as it is, then mirrored: two views of one picture. torchvision has no class for it; `vertical_flip` means what it means in
 * its TenCrop.
 */
export const flipViews = defineStepKind(v.pipe(v.strictObject({ vertical_flip: v.boolean() }), v.readonly()), {
  defaults: { vertical_flip: false },
  group: 'views',
  viewCount: 2,
});
