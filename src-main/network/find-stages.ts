import type { LayerName } from './layer.ts';
import type { Network, NetworkStage } from './network.ts';
import { layerShapes } from './shapes.ts';

/**
 * Stages of a network that brings none: a new one begins wherever the image becomes smaller.
 *
 * A stage ends only where one layer's output is all that goes on, so that everything before can be frozen and its output kept.
 */
export function findStages(network: Network): readonly NetworkStage[] {
  const shapes = layerShapes(network);
  const area = (name: LayerName): number => {
    const [height = 1, width = 1] = shapes.get(name) ?? [];
    return height * width;
  };
  const stages: LayerName[][] = [];
  let areaBefore = Infinity;
  for (const segment of segmentsOf(network)) {
    const areaAfter = area(segment.at(-1) ?? '');
    const current = stages.at(-1);
    if (current && areaAfter >= areaBefore) current.push(...segment);
    else stages.push([...segment]);
    areaBefore = areaAfter;
  }
  return stages.map((layers, index) => ({ name: `stage${index + 1}`, layers }));
}

/** The layers but the input, divided wherever one output is all that goes on. Zero padding belongs to what comes after it. */
function segmentsOf({ layers }: Network): readonly (readonly LayerName[])[] {
  const position = new Map(layers.map(({ name }, index) => [name, index]));
  const lastUse = layers.map((_, index) => index);
  layers.forEach(({ inputs }, index) => {
    for (const input of inputs) lastUse[position.get(input) ?? 0] = index;
  });
  const segments: LayerName[][] = [];
  let open: LayerName[] = [];
  /** How far the outputs of the layers before this one are still needed. */
  let needed = 0;
  layers.forEach((layer, index) => {
    if (layer.kind !== 'input') open.push(layer.name);
    const isLast = index === layers.length - 1;
    if (open.length > 0 && needed <= index && (layer.kind !== 'zero-padding' || isLast)) {
      segments.push(open);
      open = [];
    }
    needed = Math.max(needed, lastUse[index] ?? index);
  });
  return segments;
}
