import type { SnapshotDifference } from '../../../src-shared/domain/snapshot.ts';

/** What is in a database, as its snapshot's record tells it. */
export interface DatabaseFacts {
  readonly revision: number;
  /** `user_version`. */
  readonly databaseVersion: number;
  readonly images: number;
  readonly labelled: number;
  readonly classes: number;
}

/** The work of the snapshot thread; all files are absolute paths. */
export type SnapshotWork =
  /** Writes a whole copy of a database in use to a new file, and checks the copy. */
  | { readonly kind: 'copy'; readonly from: string; readonly to: string }
  /** Checks a database in use. */
  | { readonly kind: 'check'; readonly file: string }
  /** Says what changed between earlier copies and a database in use. */
  | { readonly kind: 'compare'; readonly now: string; readonly then: readonly string[] }
  /** Checks a copy and makes a database of the present version of it, whose revision is greater than this one. */
  | { readonly kind: 'prepare'; readonly file: string; readonly revision: number }
  /** Puts one database in the place of another that may be in use, all of it or nothing. */
  | { readonly kind: 'replace'; readonly from: string; readonly into: string };

export interface SnapshotAnswers {
  readonly copy: DatabaseFacts;
  /** What SQLite's check finds wrong; empty when all is well. */
  readonly check: readonly string[];
  /** One for each copy; null where the two cannot be compared. */
  readonly compare: readonly (SnapshotDifference | null)[];
  readonly prepare: DatabaseFacts;
  readonly replace: null;
}
