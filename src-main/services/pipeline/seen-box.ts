import { fourSides } from '../../../src-shared/domain/pipeline/steps/fields.ts';
import { resolveStraight, type BackboneInput, type ResolvedLeaf } from '../../../src-shared/domain/pipeline/resolve.ts';
import type { PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';
import { centerCropBox } from '../../imaging/kernels/crop.ts';
import { resizedSize } from '../../imaging/kernels/resized-size.ts';

/** A rectangle in pixels: [left, top, width, height]. */
export type Box = readonly [number, number, number, number];

interface Size {
  readonly width: number;
  readonly height: number;
}

/** How the picture at one place of the pipeline lies on the original: original = offset + scale · pixel. */
interface View extends Size {
  readonly left: number;
  readonly top: number;
  readonly scaleX: number;
  readonly scaleY: number;
}

/**
 * What of a picture reaches the network through an evaluation list, in the picture's own pixels, cut at its edges.
 *
 * Follows the geometry of the list backwards; random steps never run in evaluation and are passed over. Crops in all corners reach the
 * edges of their picture together, so that the box around them ends there, whatever each of them goes through.
 */
export function seenBox(size: Size, evaluation: readonly PipelineStep[], backbone: BackboneInput): Box {
  const whole: View = { ...size, left: 0, top: 0, scaleX: 1, scaleY: 1 };
  const steps = resolveStraight(evaluation, backbone);
  const corners = steps.findIndex(({ kind }) => kind === 'FiveCrop' || kind === 'TenCrop');
  const view = (corners === -1 ? steps : steps.slice(0, corners)).reduce(viewAfter, whole);
  const left = Math.max(0, view.left);
  const top = Math.max(0, view.top);
  const right = Math.min(size.width, view.left + view.width * view.scaleX);
  const bottom = Math.min(size.height, view.top + view.height * view.scaleY);
  return [left, top, Math.max(0, right - left), Math.max(0, bottom - top)];
}

function viewAfter(view: View, step: ResolvedLeaf): View {
  switch (step.kind) {
    case 'Resize': {
      const { size, max_size: maxSize } = step.parameters;
      const after = resizedSize(view, typeof size === 'number' ? [size] : size, maxSize);
      const scaleX = (view.scaleX * view.width) / after.width;
      const scaleY = (view.scaleY * view.height) / after.height;
      return { ...view, ...after, scaleX, scaleY };
    }
    case 'CenterCrop': {
      const { size } = step.parameters;
      const [height, width] = typeof size === 'number' ? [size, size] : size;
      return moved(view, centerCropBox(view, { width, height }));
    }
    case 'Pad': {
      const [left, top, right, bottom] = fourSides(step.parameters.padding);
      const padded = { width: view.width + left + right, height: view.height + top + bottom };
      return moved(view, { left: -left, top: -top, ...padded });
    }
    default:
      // All others leave the picture where it is, or are random.
      return view;
  }
}

function moved(view: View, box: Size & { readonly left: number; readonly top: number }): View {
  const { width, height } = box;
  return {
    ...view,
    width,
    height,
    left: view.left + box.left * view.scaleX,
    top: view.top + box.top * view.scaleY,
  };
}
