import type { CommandOutput } from '../../src-shared/contract/contract.ts';
import type { ModelInspection } from '../../src-shared/contract/backbone.contract.ts';
import type { BackboneRecord, Rgb } from '../../src-shared/domain/backbone.ts';
import { statisticsOf, type InputScaling, type InputStatistics } from '../../src-shared/domain/input-scaling.ts';
import type { PageClient } from '../client/page-client.ts';

type ChosenFolder = NonNullable<CommandOutput<'host.pickFolder'>>;

/** A named scaling, or the person's own numbers. */
export type ScalingChoice = Extract<InputScaling, string> | 'own';

/** Where an import is. */
type Phase =
  | { readonly kind: 'choosing' }
  | { readonly kind: 'looking' }
  | { readonly kind: 'ready'; readonly inspection: ModelInspection }
  | { readonly kind: 'importing'; readonly inspection: ModelInspection };

/** What keeps an import from starting. */
export type Missing = 'needsTitle' | 'needsLicence' | 'needsSize' | 'needsStd';

/** A model that becomes a backbone: which one, and what the person says of it. It outlives the dialog while the folder chooser takes its place. */
export class BackboneImport {
  folder: ChosenFolder | null = $state.raw(null);
  phase: Phase = $state.raw({ kind: 'choosing' });
  failure: unknown = $state.raw(null);
  title = $state('');
  licence = $state('');
  origin = $state('');
  inputSize = $state(0);
  endLayer = $state('');
  scaling: ScalingChoice = $state('tf');
  statistics: InputStatistics = $state.raw(statisticsOf('torch'));
  readonly inspection = $derived('inspection' in this.phase ? this.phase.inspection : null);
  readonly missing: Missing | null = $derived.by(() => {
    if (this.title.trim() === '') return 'needsTitle';
    if (!Number.isInteger(this.inputSize) || this.inputSize < 8 || this.inputSize > 1024) return 'needsSize';
    if (this.scaling === 'own' && this.statistics.std.some((value) => value <= 0)) return 'needsStd';
    return this.licence.trim() === '' ? 'needsLicence' : null;
  });
  readonly canImport = $derived(
    this.phase.kind === 'ready' && this.phase.inspection.ends.length > 0 && this.missing === null,
  );
  readonly #client: PageClient;
  readonly #done: (record: BackboneRecord) => void;

  constructor(client: PageClient, done: (record: BackboneRecord) => void) {
    this.#client = client;
    this.#done = done;
  }

  /** Looks at a model and fills in what it says of itself. */
  async look(folder: ChosenFolder): Promise<void> {
    this.folder = folder;
    this.failure = null;
    this.phase = { kind: 'looking' };
    try {
      const inspection = await this.#client.call('backbone.inspect', { folder: folder.token });
      if (this.folder !== folder) return;
      this.phase = { kind: 'ready', inspection };
      this.title = folder.name;
      this.inputSize = inspection.inputSize ?? 224;
      this.endLayer = inspection.ends.at(-1)?.layer ?? '';
      this.scaling = typeof inspection.scaling === 'string' ? inspection.scaling : 'tf';
    } catch (error) {
      if (this.folder !== folder) return;
      this.failure = error;
      this.phase = { kind: 'choosing' };
    }
  }

  enterStatistic(part: keyof InputStatistics, channel: number, value: number): void {
    const [red, green, blue] = this.statistics[part].map((before, index) => (index === channel ? value : before));
    const changed: Rgb = [red ?? 0, green ?? 0, blue ?? 0];
    this.statistics = { ...this.statistics, [part]: changed };
  }

  /** True when the backbone is there; otherwise `failure` says why not. */
  async start(): Promise<boolean> {
    const { folder, inspection } = this;
    if (!folder || !inspection || !this.canImport) return false;
    this.failure = null;
    this.phase = { kind: 'importing', inspection };
    try {
      const record = await this.#client.call('backbone.import', {
        folder: folder.token,
        title: this.title,
        scaling: this.scaling === 'own' ? this.statistics : this.scaling,
        inputSize: this.inputSize === inspection.inputSize ? null : this.inputSize,
        endLayer: this.endLayer,
        licence: this.licence,
        origin: this.origin.trim() === '' ? null : this.origin,
      });
      this.#done(record);
      return true;
    } catch (error) {
      this.failure = error;
      return false;
    } finally {
      this.phase = { kind: 'ready', inspection };
    }
  }
}
