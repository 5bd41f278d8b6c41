import type { RunRecord } from '../../src-shared/domain/run.ts';

export interface SignatureSource {
  readonly record: RunRecord;
  readonly projectName: string;
  readonly inputSize: number;
}

/** signature.json with the fields of Lobe's exports, by which its readers find shapes, names and labels. */
export function lobeSignature({ record, projectName, inputSize }: SignatureSource): unknown {
  return {
    doc_id: record.projectId,
    doc_name: projectName,
    doc_version: record.id,
    version: 1,
    format: 'tf_js',
    filename: 'tfjs/model.json',
    tags: [],
    inputs: { Image: { dtype: 'float32', shape: [null, inputSize, inputSize, 3], name: 'input' } },
    outputs: { Confidences: { dtype: 'float32', shape: [null, record.classes.length], name: 'classifier' } },
    classes: { Label: record.classes.map(({ name }) => name) },
    export_model_version: 1,
  };
}
