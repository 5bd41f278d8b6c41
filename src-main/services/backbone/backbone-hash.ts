import { createHash } from 'node:crypto';

/** SHA-256 in hex of a model's files, one after another. */
export function hashOf({
  modelJson = '',
  weightsBin = new Uint8Array(),
}: {
  readonly modelJson?: string;
  readonly weightsBin?: Uint8Array;
}): string {
  return createHash('sha256').update(modelJson).update(weightsBin).digest('hex');
}
