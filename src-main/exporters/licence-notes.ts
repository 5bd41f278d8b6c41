import type { BackboneRecord } from '../../src-shared/domain/backbone.ts';

/** LICENSES: what of others is inside an export, and on what terms. */
export function licenceNotes({
  backbone,
  backboneLicence,
  pageLicences,
}: {
  readonly backbone: BackboneRecord;
  readonly backboneLicence: string;
  /** Of everything that is in the page's script, with their full texts. */
  readonly pageLicences: string;
}): string {
  return `What is inside, and on what terms

The weights of the model began as ${backbone.title} (${backbone.licence}), ${backbone.origin}.
They were changed by training. Your pictures, labels and what the training made of them are yours.

${'='.repeat(80)}
${backbone.title}

${backboneLicence.trim()}

${'='.repeat(80)}
example/browser/index.html contains Graft's own image kernels (Apache-2.0) and

${pageLicences}`;
}
