import type { ImportJob } from '../../src-shared/contract/import.contract.ts';
import type { NewImage } from './dataset-rows.ts';

/** An image with what else its file says. */
export interface ImportedImage extends NewImage {
  /** The camera's own clock, ISO 8601 with a zone only where the file names one. */
  readonly capturedAt: string | null;
  readonly camera: string | null;
}

/** What is known of how an image came in. */
export interface ImageOrigin {
  readonly importId: string;
  readonly capturedAt: string | null;
  readonly camera: string | null;
  /** Images of one burst of the camera page share this; null for all others. */
  readonly burst: string | null;
}

/** An import as it is kept: its last state, and its request while it may go on. */
export interface StoredImport {
  readonly job: ImportJob;
  /** JSON that the import service wrote; null once there is nothing to go on with. */
  readonly request: string | null;
}

/** Reports of more imports than this are forgotten, the oldest first. */
export const keptImports = 100;
