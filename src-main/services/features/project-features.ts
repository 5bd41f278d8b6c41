import path from 'node:path';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { BackboneName } from '../../../src-shared/domain/backbone.ts';
import type { ImageFormat } from '../../../src-shared/domain/dataset.ts';
import type { FeaturesStatus } from '../../../src-shared/domain/features.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import { presetLists } from '../../../src-shared/domain/pipeline/presets.ts';
import { say, textOf } from '../../../src-shared/domain/sentence.ts';
import { InTurn } from '../../../src-shared/lib/in-turn.ts';
import type { ProcessStarter } from '../../core/ports.ts';
import type { FeaturesJob, FromTrainer } from '../../jobs/trainer-protocol.ts';
import { listFeatureSets, touchFeatureSet } from '../../storage/feature-cache.ts';
import { readFeaturePlace, writeFeaturePlace, type FeaturePlace } from '../../storage/feature-index.ts';
import { FeatureReader, type FeatureMatrix } from '../../storage/feature-reader.ts';
import type { BackboneFiles } from '../backbone/backbone-catalog.ts';
import { reasonOf } from '../run/reason-of.ts';
import type { RunProject, RuntimeProvider } from '../run/run-ports.ts';
import { startTrainerSession, type TrainerSession } from '../run/trainer-session.ts';
import { FeaturesClock } from './features-clock.ts';
import { similarImages, type SimilarImage } from './similar-images.ts';

export interface ProjectFeaturesDeps {
  readonly project: Pick<RunProject, 'id' | 'paths' | 'assertWritable'>;
  readonly listImages: () => readonly { readonly id: ImageId; readonly format: ImageFormat }[];
  readonly findBackbone: (name: BackboneName) => Promise<BackboneFiles> | BackboneFiles;
  readonly runtime: RuntimeProvider;
  readonly processStarter: ProcessStarter;
  /** True while a training is at work or waits: it comes first. */
  readonly isTraining: () => boolean;
  readonly tell: (status: FeaturesStatus) => void;
  /** Graft's own version. */
  readonly version: string;
}

/** Computing keeps nothing half done: it need not be asked long to stop. */
const stopPatienceMs = 5_000;
/** What comes in together is computed together, and who asked for room gets to use it first. */
const patienceMs = 400;

/** The steps of the classic evaluation, whose features a training finds again whose images are prepared so. */
const { evaluation: steps } = presetLists('classic');

interface OpenSet {
  readonly backbone: BackboneName;
  readonly place: FeaturePlace;
  readonly reader: FeatureReader;
}

/** The features of all images of one project: computes what is missing, and reads what is there. */
export class ProjectFeatures {
  readonly #deps: ProjectFeaturesDeps;
  readonly #turns = new InTurn();
  readonly #unread = new Set<ImageId>();
  #status: FeaturesStatus;
  #isWanted = false;
  #isClosed = false;
  #set: OpenSet | null = null;
  #session: TrainerSession | null = null;
  #abort = new AbortController();
  /** Resolves when it is noted where the features are. */
  #noted = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: ProjectFeaturesDeps, backbone: BackboneName) {
    this.#deps = deps;
    this.#status = {
      ...{ projectId: deps.project.id, backbone, state: 'idle', done: 0, total: 0, unread: 0, bytes: 0 },
      ...{ imagesPerSecond: null, secondsLeft: null, reason: null },
    };
  }

  get status(): FeaturesStatus {
    return this.#status;
  }

  /** Looks at what is there, without computing anything. */
  look(): Promise<FeaturesStatus> {
    return this.#turns.do(async () => {
      if (this.#status.state !== 'computing') await this.#count();
      return this.#status;
    });
  }

  /** From here on every image gets its features, until `pause`. Throws AppError read-only. */
  start(backbone: BackboneName | null): FeaturesStatus {
    this.#deps.project.assertWritable();
    if (backbone !== null && backbone !== this.#status.backbone) {
      this.#stop();
      this.#unread.clear();
      this.#change({ backbone, state: 'idle', done: 0, bytes: 0, unread: 0 });
    }
    this.#isWanted = true;
    if (this.#status.state === 'paused' || this.#status.state === 'failed') this.#change({ state: 'idle' });
    void this.#advance();
    return this.#status;
  }

  pause(): FeaturesStatus {
    this.#isWanted = false;
    this.#stop();
    if (this.#status.state !== 'complete') this.#change({ state: 'paused', imagesPerSecond: null, secondsLeft: null });
    return this.#status;
  }

  /** Images came in or went, a training ended, or the cache was cleared. */
  lookAgain(): void {
    if (!this.#isWanted || this.#isClosed || this.#status.state === 'failed') return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#advance(), patienceMs);
  }

  /** Stops computing for a training; goes on after it. Resolves when the memory is free. */
  async giveWay(): Promise<void> {
    const session = this.#session;
    if (!session) return;
    this.#stop();
    await session.ended;
  }

  /** Features of those of these images that have them, in their order: at most a few thousand at once. */
  async read(imageIds: readonly ImageId[]): Promise<FeatureMatrix> {
    return this.#turns.do(async () => {
      const set = await this.#openSet();
      if (!set) return { imageIds: [], rowLength: 0, values: new Float32Array() };
      if (imageIds.some((id) => !set.reader.has(id))) await set.reader.refresh();
      return set.reader.read(imageIds);
    });
  }

  /** How like one image all others with features are. AppError not-found where it has none itself. */
  async similarTo(imageId: ImageId): Promise<readonly SimilarImage[]> {
    return this.#turns.do(async () => {
      const set = await this.#openSet();
      if (set?.reader.has(imageId) === false) await set.reader.refresh();
      if (set?.reader.has(imageId) !== true) throw new AppError('not-found', say('similarNoFeatures'));
      return similarImages(set.reader, imageId);
    });
  }

  /** Where the features lie, for a process that reads them itself; null as long as there are none. */
  async place(): Promise<(FeaturePlace & { readonly folder: string }) | null> {
    const set = await this.#turns.do(() => this.#openSet());
    return set && { ...set.place, folder: path.join(this.#deps.project.paths.features, set.place.set) };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#stop();
    await this.#session?.ended;
    await this.#turns.settled();
    await this.#set?.reader.close();
    this.#set = null;
  }

  #stop(): void {
    this.#abort.abort(new AppError('cancelled', say('probeStopped')));
    this.#abort = new AbortController();
    this.#session?.cancel(stopPatienceMs);
  }

  /** Never rejects: how it goes is told by the status. */
  #advance(): Promise<void> {
    return this.#turns.do(async () => {
      try {
        if (this.#isWanted && !this.#isClosed) await this.#work();
      } catch (error) {
        if (!this.#isWanted || this.#isClosed) return;
        this.#change({ state: 'failed', reason: reasonOf(error), imagesPerSecond: null, secondsLeft: null });
      }
    });
  }

  async #work(): Promise<void> {
    // One that was told to stop may still be at it.
    await this.#session?.ended;
    const { signal } = this.#abort;
    const missing = await this.#count();
    if (missing.length === 0) return;
    if (this.#deps.isTraining()) {
      this.#change({ state: 'waiting' });
      return;
    }
    this.#change({ state: 'computing', reason: null });
    const job = await this.#makeJob(missing, signal);
    if (signal.aborted) return;
    // The turn ends here, so that what is there can be read meanwhile.
    void this.#compute(job, signal);
  }

  async #compute(job: FeaturesJob, signal: AbortSignal): Promise<void> {
    const { processStarter } = this.#deps;
    const clock = new FeaturesClock(job.images.length);
    const session = startTrainerSession({
      starter: processStarter,
      job,
      onMessage: (message) => this.#apply(message, clock),
    });
    this.#session = session;
    const outcome = await session.ended;
    await this.#noted;
    if (this.#session === session) this.#session = null;
    if (this.#isClosed || signal.aborted) {
      if (this.#isWanted && !this.#isClosed)
        this.#change({ state: 'waiting', imagesPerSecond: null, secondsLeft: null });
      this.lookAgain();
      return;
    }
    if (outcome.kind === 'done') {
      await this.#advance();
      return;
    }
    const reason =
      outcome.kind === 'failed' ? outcome.error.message : say('featuresLost', { what: textOf(outcome.reason) });
    this.#change({ state: 'failed', reason, imagesPerSecond: null, secondsLeft: null });
  }

  #apply(message: FromTrainer, clock: FeaturesClock): void {
    if (message.type === 'features-opened') {
      const { set, rowLength, missing } = message;
      clock.begin(missing);
      this.#change({ done: this.#status.total - missing });
      this.#noted = this.#note({ set, rowLength });
    } else if (message.type === 'features-added') {
      for (const { imageId } of message.unread) this.#unread.add(imageId);
      const measured = clock.advance(message.count, message.unread.length);
      const { done, total, bytes } = this.#status;
      const rowBytes = (this.#set?.place.rowLength ?? 0) * 4 + 36;
      this.#change({
        done: Math.min(total, done + message.count),
        bytes: bytes + message.count * rowBytes,
        unread: this.#unread.size,
        ...measured,
      });
    }
  }

  /** Remembers where the trainer keeps them. */
  async #note(place: FeaturePlace): Promise<void> {
    const { paths } = this.#deps.project;
    const { backbone } = this.#status;
    if (this.#set?.place.set !== place.set || this.#set.backbone !== backbone) {
      await this.#set?.reader.close();
      const reader = new FeatureReader(path.join(paths.features, place.set), place.rowLength);
      this.#set = { backbone, place, reader };
    }
    await writeFeaturePlace(paths.cache, await this.#name(), place).catch(() => undefined);
  }

  async #name(): Promise<string> {
    const { record } = await this.#deps.findBackbone(this.#status.backbone);
    return `${this.#deps.version}/${record.sha256}`;
  }

  async #openSet(): Promise<OpenSet | null> {
    const { backbone } = this.#status;
    if (this.#set?.backbone === backbone) return this.#set;
    await this.#set?.reader.close();
    this.#set = null;
    const { paths } = this.#deps.project;
    const place = await readFeaturePlace(paths.cache, await this.#name());
    if (!place) return null;
    const reader = new FeatureReader(path.join(paths.features, place.set), place.rowLength);
    this.#set = { backbone, place, reader };
    return this.#set;
  }

  /** Brings the figures of the status up to date; answers the images that are missing. */
  async #count(): Promise<readonly { readonly id: ImageId; readonly format: ImageFormat }[]> {
    const { paths } = this.#deps.project;
    const set = await this.#openSet();
    await set?.reader.refresh();
    const images = this.#deps.listImages();
    const readable = images.filter(({ id }) => !this.#unread.has(id));
    const missing = readable.filter(({ id }) => set?.reader.has(id) !== true);
    const sizes = set ? await listFeatureSets(paths.features) : [];
    const bytes = sizes.find(({ name }) => name === set?.place.set)?.bytes ?? 0;
    const isComplete = missing.length === 0 && (set !== null || images.length === 0);
    const { state } = this.#status;
    if (isComplete && bytes > 0 && this.#isWanted) {
      await touchFeatureSet(paths.features, set?.place.set ?? '', new Date()).catch(() => undefined);
    }
    this.#change({
      ...{ done: readable.length - missing.length, total: readable.length, unread: images.length - readable.length },
      ...{ bytes, imagesPerSecond: null, secondsLeft: null },
      state: isComplete ? 'complete' : state === 'complete' ? 'idle' : state,
      reason: isComplete ? null : this.#status.reason,
    });
    return missing;
  }

  async #makeJob(
    missing: readonly { readonly id: ImageId; readonly format: ImageFormat }[],
    signal: AbortSignal,
  ): Promise<FeaturesJob> {
    const { project, findBackbone, runtime } = this.#deps;
    const { record, folder } = await findBackbone(this.#status.backbone);
    return {
      kind: 'features',
      backbone: record,
      backboneFolder: folder,
      steps,
      runtime: await runtime.ensureFor('prediction', signal),
      images: missing.map(({ id, format }) => ({ imageId: id, path: project.paths.image(id, format) })),
      featureCacheFolder: project.paths.features,
    };
  }

  #change(patch: Partial<FeaturesStatus>): void {
    const before = this.#status;
    this.#status = { ...before, ...patch };
    this.#deps.tell(this.#status);
  }
}
