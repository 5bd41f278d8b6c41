import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { Quality, ShareOutPreview } from '../../../src-shared/contract/quality.contract.ts';
import type { SplitRatios } from '../../../src-shared/domain/dataset.ts';
import type { ImageId, ProjectId } from '../../../src-shared/domain/ids.ts';
import {
  defaultSplitRules,
  splitRulesSchema,
  type CheckId,
  type FileState,
  type FrozenTest,
  type GuardLine,
  type Scan,
  type SplitRules,
  type TiedGroup,
  type TieKind,
} from '../../../src-shared/domain/quality.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { Emit, Now } from '../../core/ports.ts';
import type { DatasetService } from '../dataset/dataset-service.ts';
import type { OpenProjects, ProjectContext } from '../project/open-projects.ts';
import { countClasses } from './class-rows.ts';
import { checkDataset, describeCheck, type FoundByCheck } from './dataset-checks.ts';
import { FileChecks } from './file-checks.ts';
import { hashTestSet, readFrozenTest } from './frozen-test.ts';
import { countGroups, findGroups, isLeak, joinGroups, type FoundGroup } from './groups.ts';
import { MaterialReader } from './material.ts';
import { PictureScans } from './picture-scans.ts';
import { previewShareOut } from './preview-share-out.ts';
import { QualityThreads } from './quality-threads.ts';

const mostGroups = 2_000;

export interface QualityServiceDeps {
  readonly openProjects: OpenProjects;
  readonly datasets: () => DatasetService;
  readonly emit: Emit;
  readonly now: Now;
  readonly onError: (message: string, error: unknown) => void;
}

/** Looks at pictures and files of the open projects, and says what ties images and what may be wrong with a dataset. */
export class QualityService {
  readonly #deps: QualityServiceDeps;
  readonly #threads = new QualityThreads();
  readonly #scans: PictureScans;
  readonly #files: FileChecks;
  readonly #material: MaterialReader;

  constructor(deps: QualityServiceDeps) {
    this.#deps = deps;
    this.#scans = new PictureScans({
      threads: this.#threads,
      onProgress: ({ id }, scan) => {
        deps.emit('quality.scanned', { projectId: id, scan });
        if (scan.status !== 'running') this.#tellChanged(id);
      },
      onError: ({ paths }, error) => deps.onError(`Looking at the pictures of ${paths.root}`, error),
    });
    this.#files = new FileChecks({
      threads: this.#threads,
      now: deps.now,
      onProgress: ({ id }) => this.#tellChanged(id),
      onError: ({ paths }, error) => deps.onError(`Comparing the files of ${paths.root}`, error),
    });
    this.#material = new MaterialReader(this.#threads, this.#scans);
  }

  async read(projectId: ProjectId): Promise<Quality> {
    const context = this.#context(projectId);
    const rules = readRules(context);
    const material = await this.#material.read(context);
    const groups = findGroups(material, rules);
    return {
      revision: context.database.dataset.revision(),
      scan: this.#scans.state(context),
      classes: countClasses(material.images, context.database.dataset.readHead().classes),
      checks: (await this.#check(context, groups)).map(describeCheck),
      rules,
      guard: countGroups(groups, rules),
      leaks: countLeaks(groups),
      frozenTest: readFrozenTest(context),
      files: this.#files.state(context),
    };
  }

  async checkImages(projectId: ProjectId, check: CheckId): Promise<readonly ImageId[]> {
    const context = this.#context(projectId);
    const groups = findGroups(await this.#material.read(context), readRules(context));
    return (await this.#check(context, groups)).find(({ id }) => id === check)?.images ?? [];
  }

  async groups(
    projectId: ProjectId,
    kind: TieKind | null,
    only: 'all' | 'open' | 'leaks' | 'conflicts',
  ): Promise<{ readonly groups: TiedGroup[]; readonly total: number }> {
    const context = this.#context(projectId);
    const kept = context.database.quality.keptCopies();
    const isAsked: Readonly<Record<typeof only, (group: FoundGroup) => boolean>> = {
      all: () => true,
      open: ({ images }) => images.some((id) => !kept.has(id)),
      leaks: isLeak,
      conflicts: ({ hasLabelConflict }) => hasLabelConflict,
    };
    const found = findGroups(await this.#material.read(context), readRules(context)).filter(
      (group) => (kind === null || group.kind === kind) && isAsked[only](group),
    );
    return { groups: found.slice(0, mostGroups).map(({ rule: _rule, ...group }) => group), total: found.length };
  }

  setRules(projectId: ProjectId, rules: SplitRules): void {
    const context = this.#writable(projectId);
    context.database.quality.saveRules(JSON.stringify(rules));
    this.#tellChanged(projectId);
  }

  async previewRules(
    projectId: ProjectId,
    rules: SplitRules,
  ): Promise<{ readonly guard: GuardLine[]; readonly leaks: Quality['leaks'] }> {
    const groups = findGroups(await this.#material.read(this.#context(projectId)), rules);
    return { guard: [...countGroups(groups, rules)], leaks: countLeaks(groups) };
  }

  async previewShareOut(projectId: ProjectId, ratios: SplitRatios): Promise<ShareOutPreview> {
    const context = this.#context(projectId);
    const splits = await this.#deps.datasets().planShareOut(projectId, ratios);
    const material = await this.#material.read(context);
    const groups = joinGroups(material, readRules(context));
    const { done, total } = this.#scans.state(context);
    return {
      ...previewShareOut({
        images: material.images,
        classes: context.database.dataset.readHead().classes,
        groups,
        splits,
      }),
      isComplete: done === total,
    };
  }

  async mendLeaks(projectId: ProjectId): Promise<{ readonly revision: number; readonly moved: number }> {
    return this.#deps.datasets().mendLeaks(projectId);
  }

  keepCopies(projectId: ProjectId, imageIds: readonly ImageId[], isKept: boolean): void {
    this.#writable(projectId).database.quality.setKeptCopies(imageIds, isKept);
    this.#tellChanged(projectId);
  }

  async scan(projectId: ProjectId, what: 'start' | 'pause' | 'stop'): Promise<Scan> {
    const context = this.#writable(projectId);
    if (what === 'start') this.#scans.start(context);
    else await this.#scans.hold(context, what === 'pause' ? 'paused' : 'stopped');
    return this.#scans.state(context);
  }

  /** Looks at pictures that were not looked at, unless a person paused or stopped that. */
  lookAtNew(context: ProjectContext): void {
    this.#scans.startUnlessHeld(context);
  }

  /** Begins with images that came in; called after every change of a dataset. */
  datasetChanged(projectId: ProjectId): void {
    const context = this.#deps.openProjects.find(projectId);
    if (context?.readOnlyBecause === null && context.database.quality.hasNewImages()) this.lookAtNew(context);
  }

  /** The groups of images that belong into one split, each image in one at most. */
  async tiedImages(context: ProjectContext, pictures: 'all' | 'known'): Promise<readonly (readonly ImageId[])[]> {
    if (pictures === 'all') await this.#scans.settled(context);
    return joinGroups(await this.#material.read(context), readRules(context));
  }

  /** Throws AppError 'conflict' when the test split is empty. */
  freezeTest(projectId: ProjectId): FrozenTest {
    const context = this.#writable(projectId);
    const { frozenTest } = context.database;
    const images = frozenTest.current();
    if (images.length === 0) throw new AppError('conflict', say('noTestImages'));
    frozenTest.freeze(hashTestSet(images), this.#deps.now().toISOString());
    this.#tellChanged(projectId);
    const frozen = readFrozenTest(context);
    if (!frozen) throw new Error('The test split was frozen and is not');
    return frozen;
  }

  unfreezeTest(projectId: ProjectId): void {
    this.#writable(projectId).database.frozenTest.unfreeze();
    this.#tellChanged(projectId);
  }

  frozenTest(projectId: ProjectId): FrozenTest | null {
    return readFrozenTest(this.#context(projectId));
  }

  async checkFiles(projectId: ProjectId, what: 'start' | 'stop'): Promise<FileState> {
    const context = this.#writable(projectId);
    if (what === 'stop') await this.#files.stop(context);
    else {
      const { images } = context.database.dataset.read();
      this.#files.start(
        context,
        images.map(({ id, format }) => ({ imageId: id, path: context.paths.image(id, format) })),
      );
    }
    return this.#files.state(context);
  }

  leaveOut(projectId: ProjectId, imageIds: readonly ImageId[], isLeftOut: boolean): void {
    this.#writable(projectId).database.quality.setLeftOut(imageIds, isLeftOut);
    this.#tellChanged(projectId);
  }

  /** Keeps what a comparison of some files found, for the checks; that of a training is one. */
  noteFiles(projectId: ProjectId, files: readonly { readonly imageId: ImageId }[], changed: readonly ImageId[]): void {
    const { quality } = this.#writable(projectId).database;
    if (changed.length === 0 && quality.changedFiles().length === 0) return;
    const reason = JSON.stringify(say('fileChanged'));
    const looked = files.map(({ imageId }) => imageId);
    quality.saveFileCheck(looked, new Map(changed.map((id) => [id, reason])), null);
    this.#tellChanged(projectId);
  }

  /** Images whose files changed and that a person keeps out of trainings. */
  leftOut(projectId: ProjectId): ReadonlySet<ImageId> {
    const changed = this.#context(projectId).database.quality.changedFiles();
    return new Set(changed.flatMap(({ imageId, isLeftOut }) => (isLeftOut === 1 ? [imageId] : [])));
  }

  async close(): Promise<void> {
    await Promise.all([this.#threads.close(), this.#scans.close(), this.#files.close()]);
  }

  async #check(context: ProjectContext, groups: readonly FoundGroup[]): Promise<readonly FoundByCheck[]> {
    const { images } = await this.#material.read(context);
    const { done, total } = this.#scans.state(context);
    const { quality, dataset } = context.database;
    return checkDataset({
      ...{ images, groups },
      classes: dataset.readHead().classes,
      kept: quality.keptCopies(),
      changedFiles: quality.changedFiles().flatMap(({ imageId, isLeftOut }) => (isLeftOut === 1 ? [] : [imageId])),
      isComplete: done === total,
      areFilesChecked: quality.lastFileCheck() !== null,
    });
  }

  #context(projectId: ProjectId): ProjectContext {
    return this.#deps.openProjects.get(projectId);
  }

  #writable(projectId: ProjectId): ProjectContext {
    const context = this.#context(projectId);
    context.assertWritable();
    return context;
  }

  #tellChanged(projectId: ProjectId): void {
    this.#deps.emit('quality.changed', { projectId });
  }
}

function readRules({ database }: ProjectContext): SplitRules {
  const json = database.quality.rules();
  return json === null ? defaultSplitRules : v.parse(splitRulesSchema, JSON.parse(json));
}

function countLeaks(groups: readonly FoundGroup[]): Quality['leaks'] {
  const leaks = groups.filter(isLeak);
  return { groups: leaks.length, images: new Set(leaks.flatMap(({ images }) => images)).size };
}
