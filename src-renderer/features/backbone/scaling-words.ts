import type { MessageKey } from '../../messages/messages.ts';
import type { ScalingChoice } from '../../state/backbone-import.svelte.ts';

/** What a scaling is called, and which networks want it. */
export const scalingWords: Readonly<Record<ScalingChoice, { readonly label: MessageKey; readonly help: MessageKey }>> =
  {
    tf: { label: 'backbone.scalingTf', help: 'backbone.helpTf' },
    torch: { label: 'backbone.scalingTorch', help: 'backbone.helpTorch' },
    caffe: { label: 'backbone.scalingCaffe', help: 'backbone.helpCaffe' },
    '0-255': { label: 'backbone.scaling0255', help: 'backbone.help0255' },
    '0-1': { label: 'backbone.scaling01', help: 'backbone.help01' },
    own: { label: 'backbone.scalingOwn', help: 'backbone.helpOwn' },
  };

/** In the order of the list. */
export const scalingChoices: readonly ScalingChoice[] = ['tf', 'torch', 'caffe', '0-255', '0-1', 'own'];
