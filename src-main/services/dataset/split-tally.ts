import type { Split } from '../../../src-shared/domain/dataset.ts';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import type { PoolImage } from '../../storage/dataset-rows.ts';

export type HeldOut = Exclude<Split, 'training'>;
type ClassKey = ClassId | null;

/** How many images of each class each split has and should have. Images without a label are a class of their own. */
export class SplitTally {
  /** The splits that take images. */
  readonly open: readonly Split[];
  readonly #ratio: Readonly<Record<Split, number>>;
  readonly #totals = new Map<ClassKey, number>();
  readonly #counts: Readonly<Record<Split, Map<ClassKey, number>>> = {
    training: new Map(),
    validation: new Map(),
    test: new Map(),
  };

  /** Counts the images that are shared out already, in their splits. */
  constructor(images: readonly PoolImage[], ratio: Readonly<Record<HeldOut, number>>) {
    this.#ratio = { ...ratio, training: 1 - ratio.validation - ratio.test };
    this.open = (['training', 'validation', 'test'] as const).filter(
      (split) => split === 'training' || this.#ratio[split] > 0,
    );
    for (const image of images) {
      add(this.#totals, image.classId, 1);
      if (image.isSharedOut) add(this.#counts[image.split], image.classId, 1);
    }
  }

  /** Images that a split should have of a class, not rounded. */
  target(classId: ClassKey, split: Split): number {
    return this.#ratio[split] * (this.#totals.get(classId) ?? 0);
  }

  count(classId: ClassKey, split: Split): number {
    return this.#counts[split].get(classId) ?? 0;
  }

  place({ classId }: PoolImage, split: Split): void {
    add(this.#counts[split], classId, 1);
  }
}

function add(counts: Map<ClassKey, number>, classId: ClassKey, more: number): void {
  counts.set(classId, (counts.get(classId) ?? 0) + more);
}
