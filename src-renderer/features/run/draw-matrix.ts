import type { Evaluation } from '../../../src-shared/domain/evaluation.ts';
import { toneOf, type MatrixCell } from './matrix.ts';

/** A cell with images must show, however many classes share the canvas. */
const leastWrongPx = 2;

/** Draws the whole matrix, one square a cell, in the colours that hold for the canvas. */
export function drawMatrix(
  canvas: HTMLCanvasElement,
  {
    evaluation,
    order,
    sizePx,
  }: { readonly evaluation: Evaluation; readonly order: readonly number[]; readonly sizePx: number },
): void {
  const scale = devicePixelRatio;
  canvas.width = Math.round(sizePx * scale);
  canvas.height = canvas.width;
  const context = canvas.getContext('2d');
  if (!context) return;
  const cellPx = canvas.width / order.length;
  const wrongPx = Math.max(cellPx, leastWrongPx * scale);
  const styles = getComputedStyle(canvas);
  const fill = (name: string, { row, column }: MatrixCell, px: number): void => {
    const shift = (cellPx - px) / 2;
    context.fillStyle = styles.getPropertyValue(name);
    context.fillRect(column * cellPx + shift, row * cellPx + shift, px, px);
  };
  // What is wrong is drawn last: it must not hide below its neighbours.
  for (const isDiagonal of [true, false]) {
    order.forEach((label, row) => {
      const support = Math.max(1, evaluation.perClass[label]?.support ?? 0);
      order.forEach((predicted, column) => {
        const count = evaluation.confusion[label]?.[predicted] ?? 0;
        if (count === 0 || (label === predicted) !== isDiagonal) return;
        // The faint steps are for cells with a figure in them.
        const tone = Math.max(4, toneOf(count / support));
        fill(`--${isDiagonal ? 'right' : 'wrong'}-${String(tone)}`, { row, column }, isDiagonal ? cellPx : wrongPx);
      });
    });
  }
}

/** The cell with images nearest to this one, at most `reach` places away in each direction; null when there is none. */
export function nearestFilled(
  confusion: Evaluation['confusion'],
  { order, cell, reach }: { readonly order: readonly number[]; readonly cell: MatrixCell; readonly reach: number },
): MatrixCell | null {
  const row = order.indexOf(cell.row);
  const column = order.indexOf(cell.column);
  let best: { readonly cell: MatrixCell; readonly distance: number } | null = null;
  for (let down = -reach; down <= reach; down += 1) {
    for (let right = -reach; right <= reach; right += 1) {
      const found = { row: order[row + down] ?? -1, column: order[column + right] ?? -1 };
      const distance = down ** 2 + right ** 2;
      const hasImages = (confusion[found.row]?.[found.column] ?? 0) > 0;
      if (hasImages && (best === null || distance < best.distance)) best = { cell: found, distance };
    }
  }
  return best?.cell ?? null;
}
