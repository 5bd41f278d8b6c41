import type { BackboneRecord } from '../../src-shared/domain/backbone.ts';

/** LICENSES: what of others is inside an export, and on what terms. */
export function licenceNotes({
  backbone,
  backboneLicence,
}: {
  readonly backbone: BackboneRecord;
  readonly backboneLicence: string;
}): string {
  return `What is inside, and on what terms

The weights of the model began as ${backbone.title} (${backbone.licence}), ${backbone.origin}.
They were changed by training. Your pictures, labels and what the training made of them are yours.

example/browser/index.html contains TensorFlow.js (Apache-2.0, copyright Google LLC), valibot (MIT,
copyright Fabian Hiller) and Graft's own image kernels (Apache-2.0).

${backboneLicence}`;
}
