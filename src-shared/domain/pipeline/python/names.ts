import type { LeafKind } from '../steps.ts';

/** What the written program calls the values that come from the backbone; reading these names gives the backbone's again. */
export const backboneNames = { size: 'backbone_size', mean: 'backbone_mean', std: 'backbone_std' } as const;

export function isBackboneName(name: string): boolean {
  return Object.values<string>(backboneNames).includes(name);
}

/** The arguments that torchvision has no default for, where Graft has one. */
export const requiredArguments: { readonly [K in LeafKind]?: readonly string[] } = {
  Resize: ['size'],
  CenterCrop: ['size'],
  RandomCrop: ['size'],
  Pad: ['padding'],
  RandomRotation: ['degrees'],
  Normalize: ['mean', 'std'],
};
