import type { LeafKind } from '../steps.ts';

/** What the written program calls the values that come from the backbone; reading these names gives the backbone's again. */
export const backboneNames = { size: 'backbone_size', mean: 'backbone_mean', std: 'backbone_std' } as const;

export function isBackboneName(name: string): boolean {
  return Object.values<string>(backboneNames).includes(name);
}

/** The arguments that torchvision has no default for, or another one than Graft. */
export const requiredArguments: { readonly [K in LeafKind]?: readonly string[] } = {
  Resize: ['size'],
  CenterCrop: ['size'],
  RandomCrop: ['size'],
  RandomResizedCrop: ['size'],
  Pad: ['padding'],
  RandomRotation: ['degrees'],
  RandomAffine: ['degrees'],
  // torchvision's own default is one channel.
  Grayscale: ['num_output_channels'],
  RandomPosterize: ['bits'],
  RandomSolarize: ['threshold'],
  RandomAdjustSharpness: ['sharpness_factor'],
  GaussianBlur: ['kernel_size'],
  Normalize: ['mean', 'std'],
  FiveCrop: ['size'],
  TenCrop: ['size'],
};
