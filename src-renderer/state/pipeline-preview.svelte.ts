import type { CommandInput } from '../../src-shared/contract/contract.ts';
import type { ImageId } from '../../src-shared/domain/ids.ts';
import type { PageClient } from '../client/page-client.ts';
import { LatestAnswer } from './latest-answer.svelte.ts';

/** Samples take seeds from the draw's own on, so the next draw starts beyond them. */
const seedStride = 32;

/** What is wanted of a pipeline: the steps of one image, and samples of these images. */
export type PreviewWish = Omit<CommandInput<'pipeline.preview'>, 'seed'> & {
  readonly sampleIds: readonly ImageId[];
  /** How often was drawn again. */
  readonly round: number;
};

/** The latest pictures of a pipeline: first those of its steps, and samples once no newer wish waits. */
export class PreviewState {
  readonly steps: LatestAnswer<'pipeline.preview'>;
  readonly samples: LatestAnswer<'pipeline.samples'>;
  /** Part of the next wish. */
  round = $state(0);
  /** The draw stays when steps change; else every change draws anew. */
  isFrozen = $state(true);
  #wish: PreviewWish | null = null;
  #changes = 0;

  constructor(client: PageClient) {
    this.samples = new LatestAnswer(client, 'pipeline.samples');
    this.steps = new LatestAnswer(client, 'pipeline.preview', () => this.#askSamples());
  }

  request(wish: PreviewWish): void {
    if (!this.isFrozen && this.#wish && this.#wish.pipeline !== wish.pipeline) this.#changes += 1;
    this.#wish = wish;
    const { sampleIds: _sampleIds, round: _round, ...shared } = wish;
    this.steps.request({ ...shared, seed: this.#seed(wish) });
  }

  /** Draws anew. */
  again(): void {
    this.round += 1;
  }

  close(): void {
    this.steps.close();
    this.samples.close();
  }

  #askSamples(): void {
    if (!this.#wish) return;
    const { sampleIds, round: _round, imageId: _imageId, ...shared } = this.#wish;
    this.samples.request({ ...shared, imageIds: sampleIds, seed: this.#seed(this.#wish) });
  }

  #seed({ round }: PreviewWish): number {
    return 1 + (round + this.#changes) * seedStride;
  }
}
