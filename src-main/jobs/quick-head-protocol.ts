import type { ImageId } from '../../src-shared/domain/ids.ts';

// What core and a trainer with a quick head say to each other. A row is an image's place in the last `head-images`.

/** Learns heads on cached features, again and again, until it is told to stop; its features lie in `setFolder`. */
export interface QuickHeadJob {
  readonly kind: 'quick-head';
  readonly setFolder: string;
  /** Numbers an image. */
  readonly rowLength: number;
  readonly runtime: null;
}

export type ToQuickHead =
  | { readonly type: 'head-images'; readonly imageIds: readonly ImageId[] }
  /** Learn from these labels; what was under way for earlier ones is given up. */
  | {
      readonly type: 'head-learn';
      /** Comes back with every answer. */
      readonly id: number;
      /** Heads keep what they learned of a class while it has its id, whatever its place. */
      readonly classIds: readonly string[];
      /** For each row the place of its class, −1 without a label. */
      readonly labels: readonly number[];
      /** Rows of the test set: never learned from nor suggested for. */
      readonly tests: readonly number[];
    }
  /** Answered with the latest weights. */
  | { readonly type: 'head-ask'; readonly question: number; readonly row: number };

/** What the head says of rows: its likeliest class and how it stands to the next one. */
export interface HeadVerdicts {
  readonly rows: readonly number[];
  readonly classes: readonly number[];
  /** Calibrated probability of that class, to four digits. */
  readonly confidences: readonly number[];
  /** Less the second class's. */
  readonly margins: readonly number[];
}

/** A label that is likely another class. */
export interface HeadSuspect {
  readonly row: number;
  readonly given: number;
  readonly likely: number;
  /** Out-of-fold probabilities of both. */
  readonly givenShare: number;
  readonly likelyShare: number;
}

export type FromQuickHead =
  | {
      readonly type: 'head-learned';
      readonly id: number;
      /** Rows that it learned from; all labelled ones, or an even choice of very many. */
      readonly rowCount: number;
      readonly seconds: number;
      readonly iterations: number;
      /** For the unlabelled rows with features. Calibrated as the last `head-validated` found, if there was one. */
      readonly suggestions: HeadVerdicts;
      /** On labelled rows of the test set; null without any. */
      readonly test: { readonly correct: number; readonly total: number } | null;
    }
  /** Rows to label next, most useful first, by each order. */
  | {
      readonly type: 'head-queued';
      readonly id: number;
      readonly unsure: readonly number[];
      readonly diverse: readonly number[];
      readonly mixed: readonly number[];
    }
  /** What heads say of labelled rows that they did not learn from. */
  | {
      readonly type: 'head-validated';
      readonly id: number;
      readonly foldCount: number;
      readonly temperature: number;
      readonly outOfFold: HeadVerdicts;
      /** −ln of the label's calibrated out-of-fold probability, for the rows of `outOfFold`, to four digits. */
      readonly losses: readonly number[];
      /** With the temperature found. */
      readonly suggestions: HeadVerdicts;
      readonly suspects: readonly HeadSuspect[];
    }
  /** Too few labels: two classes need two labels each. */
  | { readonly type: 'head-idle'; readonly id: number }
  /** Calibrated probabilities of one row, by class; null before the first learning, or without features. */
  | { readonly type: 'head-answer'; readonly question: number; readonly shares: readonly number[] | null };
