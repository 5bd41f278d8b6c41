import type { ClassId } from '../../../src-shared/domain/ids.ts';
import type { DatasetClass } from '../../../src-shared/domain/dataset.ts';
import type { RunRecord } from '../../../src-shared/domain/run.ts';

/** Which colour a class of a run has, by its name: as in the dataset, else by its place in the run; null for a stranger. */
export function classOrders(
  { classes }: RunRecord,
  dataset: { readonly classById: ReadonlyMap<ClassId, DatasetClass> },
): (name: string) => number | null {
  const orders = new Map(
    classes.map(({ id, name }, index) => [name, (dataset.classById.get(id)?.color ?? index + 1) - 1]),
  );
  return (name) => orders.get(name) ?? null;
}
