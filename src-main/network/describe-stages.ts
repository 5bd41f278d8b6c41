import type { Stage } from '../../src-shared/domain/backbone.ts';
import type { Network } from './network.ts';
import { countParameters } from './parameters.ts';
import { layerShapes } from './shapes.ts';
import { stageOutput } from './split.ts';

/** The stages of a network as a backbone's record tells them. */
export function describeStages(network: Network): Stage[] {
  const shapes = layerShapes(network);
  return network.stages.map((stage) => ({
    name: stage.name,
    layers: stage.layers.length,
    parameterCount: countParameters(network, stage.name).learnable,
    outputShape: [...(shapes.get(stageOutput(network, stage.name)) ?? [])],
  }));
}
