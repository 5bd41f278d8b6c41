import { splits, type DatasetClass } from '../../../src-shared/domain/dataset.ts';
import type { I18n } from '../../state/i18n.svelte.ts';
import type { ImageTable } from '../../state/table/image-table.ts';
import type { JudgedImages } from '../../state/table/judged-images.ts';

/** What the colours of a map say. */
export type MapColouring = 'class' | 'split' | 'verdict';

/** One entry of the legend. */
export interface MapGroup {
  readonly id: string;
  readonly name: string;
  /** The CSS class that sets `--c` to its colour. */
  readonly colorClass: string;
}

interface GroupSource {
  readonly table: ImageTable;
  readonly classes: readonly DatasetClass[];
  readonly judged: JudgedImages | null;
  readonly t: I18n['t'];
}

/** The groups of a colouring, and which of them an image belongs to. */
export function mapGroups(
  colouring: MapColouring,
  { table, classes, judged, t }: GroupSource,
): { readonly groups: readonly MapGroup[]; readonly groupOf: (row: number) => number } {
  const { classId, split } = table.columns;
  if (colouring === 'split') {
    const codes = splits.map((one) => split.codeOf(one));
    return {
      groups: splits.map((one, index) => ({ id: one, name: t(`images.${one}`), colorClass: `c${String(index + 1)}` })),
      groupOf: (row) => Math.max(0, codes.indexOf(split.codeAt(row))),
    };
  }
  if (colouring === 'class') {
    const byCode = new Uint16Array(classId.codeCount);
    classes.forEach(({ id }, index) => {
      const code = classId.codeOf(id);
      if (code !== -1) byCode[code] = index + 1;
    });
    return {
      groups: [
        { id: 'none', name: t('images.noLabel'), colorClass: 'c0' },
        ...classes.map(({ id, name, color }) => ({ id, name, colorClass: `c${String(((color - 1) % 12) + 1)}` })),
      ],
      groupOf: (row) => byCode[classId.codeAt(row)] ?? 0,
    };
  }
  const none = classId.codeOf(null);
  const isOther = judged?.disagreement(table);
  return {
    groups: [
      { id: 'unjudged', name: t('map.notJudged'), colorClass: 'c0' },
      { id: 'right', name: t('map.agrees'), colorClass: 'map-right' },
      { id: 'wrong', name: t('map.disagrees'), colorClass: 'map-wrong' },
    ],
    groupOf: (row) => {
      if (judged?.predictedAt(row) === undefined || classId.codeAt(row) === none) return 0;
      return isOther?.(row) ? 2 : 1;
    },
  };
}
