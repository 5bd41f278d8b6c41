import { createHash } from 'node:crypto';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { CommandInput, CommandOutput } from '../../../src-shared/contract/contract.ts';
import type { BackboneName } from '../../../src-shared/domain/backbone.ts';
import type { FeaturesStatus } from '../../../src-shared/domain/features.ts';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import { say, type Sentence } from '../../../src-shared/domain/sentence.ts';
import type {
  AcceptPreview,
  ImageClass,
  QueueOrder,
  SuggestedLabel,
  SuggestionState,
} from '../../../src-shared/domain/suggestion.ts';
import { InTurn } from '../../../src-shared/lib/in-turn.ts';
import type { Now, ProcessStarter } from '../../core/ports.ts';
import type { FromQuickHead } from '../../jobs/quick-head-protocol.ts';
import type { AssistSettings, JudgementKind, LabelRow } from '../../storage/dataset/assist-notes.ts';
import type { FeatureService } from '../features/feature-service.ts';
import type { ProjectContext } from '../project/open-projects.ts';
import { reasonOf } from '../run/reason-of.ts';
import { QuickHeadProcess } from './quick-head-process.ts';
import { SuggestionBoard, type HeadJudgement } from './suggestion-board.ts';

export interface ProjectSuggestionsDeps {
  readonly project: ProjectContext;
  readonly features: FeatureService;
  readonly processStarter: ProcessStarter;
  /** Something of it changed. */
  readonly tell: (version: number) => void;
  /** Labels changed here. */
  readonly tellLabels: () => void;
  readonly now: Now;
}

/** Labels that come in quick succession are learned from together. */
const labelPatienceMs = 400;
/** A head that nobody needs for so long goes, and with it its features in memory. */
const idleMs = 600_000;
/** While features are being computed, a head learns again when there are so many times more. */
const worthLearning = 1.5;

/** What a lesson was about, for its answers. */
interface Lesson {
  readonly id: number;
  readonly rows: readonly LabelRow[];
  readonly classIds: readonly ClassId[];
  readonly testHash: string;
  /** Every image had its features: what comes of it can be compared with others. */
  readonly isWhole: boolean;
}

type Model = NonNullable<SuggestionState['model']>;

/** Suggestions for one project: keeps a head learning from its labels, and answers what came of it. */
export class ProjectSuggestions {
  readonly #deps: ProjectSuggestionsDeps;
  readonly #board = new SuggestionBoard();
  readonly #turns = new InTurn();
  #state: SuggestionState['state'] = 'off';
  #reason: Sentence | null = null;
  #version = 0;
  #model: Model | null = null;
  #lesson: Lesson | null = null;
  #process: QuickHeadProcess | null = null;
  #timer: NodeJS.Timeout | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #nextLesson = 1;
  #knownFeatures = 0;
  #isAwake = false;
  #isClosed = false;
  #counts = { unlabelled: 0, unlabelledTests: 0, labelled: 0 };

  constructor(deps: ProjectSuggestionsDeps) {
    this.#deps = deps;
  }

  /** The state; wakes what was on when the project was closed. */
  get(): SuggestionState {
    this.#wake();
    return this.#describe();
  }

  turn(isOn: boolean, backbone: BackboneName | null): SuggestionState {
    this.#deps.project.assertWritable();
    const settings = this.#settings();
    const isOther = backbone !== null && backbone !== settings.backbone;
    this.#notes.setSettings({ ...settings, isOn, backbone: backbone ?? settings.backbone });
    if (!isOn || isOther) this.#forget();
    if (!isOn) {
      this.#state = 'off';
      this.#isAwake = false;
      if (this.#deps.features.isComputing(this.#deps.project.id)) this.#deps.features.pause(this.#deps.project.id);
      this.#change();
    } else {
      this.#isAwake = false;
      this.#wake();
    }
    return this.#describe();
  }

  setOrder(order: QueueOrder): SuggestionState {
    this.#deps.project.assertWritable();
    this.#notes.setSettings({ ...this.#settings(), order });
    this.#change();
    return this.#describe();
  }

  list({ threshold, classId, offset, limit }: CommandInput<'suggestion.list'>): CommandOutput<'suggestion.list'> {
    const { above, all } = this.#board.list(threshold, classId);
    return { version: this.#version, above, total: all.length, suggestions: all.slice(offset, offset + limit) };
  }

  preview(threshold: number): AcceptPreview {
    return { version: this.#version, ...this.#board.preview(threshold) };
  }

  accept(suggestions: readonly SuggestedLabel[]): { readonly revision: number; readonly changed: number } {
    const { project, now, tellLabels } = this.#deps;
    project.assertWritable();
    const result = this.#notes.accept(suggestions, this.#modelName(), now().toISOString());
    if (result.changed > 0) {
      const fewer = this.#board.label(suggestions);
      const { unlabelled, labelled } = this.#counts;
      this.#counts = { ...this.#counts, unlabelled: unlabelled - fewer, labelled: labelled + fewer };
      this.#change();
      tellLabels();
    }
    return result;
  }

  acceptAbove(threshold: number, version: number): { readonly revision: number; readonly changed: number } {
    if (version !== this.#version) throw new AppError('conflict', say('suggestionsChanged'), { retry: true });
    return this.accept(this.#board.above(threshold));
  }

  judge(kind: JudgementKind, items: readonly ImageClass[], isSo: boolean): void {
    const { project, now } = this.#deps;
    project.assertWritable();
    this.#notes.judge(kind, items, isSo, now().toISOString());
    this.#readJudgements();
    this.#change();
  }

  async ask(imageId: string): Promise<CommandOutput<'suggestion.ask'>> {
    this.#wake();
    const version = this.#version;
    const lesson = this.#lesson;
    const row = lesson?.rows.findIndex(({ id }) => id === imageId) ?? -1;
    if (!lesson || row === -1 || !this.#process) return { version, shares: null };
    this.#stayAwake();
    const shares = await this.#process.ask(row);
    if (!shares) return { version, shares: null };
    const named = lesson.classIds.map((classId, index) => ({ classId, share: shares[index] ?? 0 }));
    return { version, shares: named.sort((a, b) => b.share - a.share) };
  }

  queue(): CommandOutput<'suggestion.queue'> {
    return { version: this.#version, imageIds: [...this.#board.queue(this.#settings().order)] };
  }

  /** What the head says of every image that it judged, and what it had learned from; empty while there is none. */
  judgements(): { readonly model: Model | null; readonly judgements: readonly HeadJudgement[] } {
    this.#wake();
    return { model: this.#model, judgements: this.#board.judgements };
  }

  suspects(): CommandOutput<'suggestion.suspects'> {
    return { version: this.#version, suspects: [...this.#board.suspects] };
  }

  /** Labels, classes, splits or images changed. */
  datasetChanged(): void {
    if (!this.#isAwake || this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#refresh(), labelPatienceMs);
    // What is known is of other labels than those that are there now.
    if (this.#state === 'ready') this.#state = 'learning';
  }

  featuresChanged({ state, done }: FeaturesStatus): void {
    if (!this.#isAwake || this.#isClosed) return;
    const isMore = done > this.#knownFeatures * worthLearning + 100;
    if ((state === 'complete' && done !== this.#knownFeatures) || (state === 'computing' && isMore))
      this.datasetChanged();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#idleTimer);
    await this.#turns.settled();
    await this.#process?.close();
  }

  /** Whether they are those of a project as it is open now: one that was opened again has another database, and may be written. */
  isOf(project: ProjectContext): boolean {
    return this.#deps.project === project;
  }

  get #notes() {
    return this.#deps.project.database.dataset.assist;
  }

  #settings(): AssistSettings {
    return this.#notes.settings();
  }

  #wake(): void {
    if (this.#isAwake || this.#isClosed || this.#deps.project.readOnlyBecause !== null) return;
    const { isOn, backbone } = this.#settings();
    if (!isOn) return;
    this.#isAwake = true;
    this.#state = 'features';
    this.#deps.features.start(this.#deps.project.id, backbone);
    this.#readJudgements();
    this.#change();
    void this.#refresh();
  }

  #forget(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#idleTimer);
    this.#board.clear();
    this.#model = null;
    this.#lesson = null;
    this.#knownFeatures = 0;
    void this.#process?.close();
    this.#process = null;
  }

  #readJudgements(): void {
    this.#board.setJudgements(this.#notes.judged('refused'), this.#notes.judged('confirmed'));
  }

  /** Looks at the labels and lets the head learn from them. Never rejects. */
  #refresh(): Promise<void> {
    return this.#turns.do(async () => {
      try {
        if (this.#isAwake && !this.#isClosed) await this.#learn();
      } catch (error) {
        this.#fail(reasonOf(error));
      }
    });
  }

  async #learn(): Promise<void> {
    const { features, project } = this.#deps;
    const rows = this.#notes.labelRows();
    this.#count(rows);
    this.#board.setRows(rows);
    const place = await features.place(project.id);
    const { done, state } = await features.status(project.id);
    if (!place || done === 0) {
      this.#state = 'features';
      this.#change();
      return;
    }
    this.#knownFeatures = done;
    const lesson = makeLesson(this.#nextLesson, {
      rows,
      classIds: this.#notes.classIds(),
      isWhole: state === 'complete',
    });
    this.#nextLesson += 1;
    this.#lesson = lesson;
    const process = this.#openProcess(place);
    const columns = new Map(lesson.classIds.map((classId, index) => [classId, index]));
    process.learn(
      rows.map(({ id }) => id),
      {
        id: lesson.id,
        classIds: lesson.classIds,
        labels: rows.map(({ classId }) => (classId === null ? -1 : (columns.get(classId) ?? -1))),
        tests: rows.flatMap(({ split }, row) => (split === 'test' ? [row] : [])),
      },
    );
    this.#stayAwake();
    this.#state = 'learning';
    this.#change();
  }

  #openProcess({ folder, rowLength }: { readonly folder: string; readonly rowLength: number }): QuickHeadProcess {
    const known = this.#process;
    if (known?.isAlive && known.setFolder === folder) return known;
    void known?.close();
    const process: QuickHeadProcess = new QuickHeadProcess({
      starter: this.#deps.processStarter,
      setFolder: folder,
      rowLength,
      onMessage: (message) => this.#process === process && this.#apply(message),
      onLost: (what) => this.#process === process && this.#fail(say('suggestionsLost', { what })),
    });
    this.#process = process;
    return process;
  }

  #stayAwake(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      void this.#process?.close();
      this.#process = null;
      this.#isAwake = false;
    }, idleMs);
  }

  #apply(message: FromQuickHead): void {
    const lesson = this.#lesson;
    if (!lesson || !('id' in message) || message.id !== lesson.id) return;
    const { rows, classIds } = lesson;
    switch (message.type) {
      case 'head-idle':
        this.#board.clear();
        this.#model = null;
        this.#state = 'few-labels';
        break;
      case 'head-learned':
        this.#board.setSuggestions(message.suggestions, rows, classIds);
        this.#model = {
          ...{ labels: message.rowCount, seconds: message.seconds, outOfFold: this.#model?.outOfFold ?? null },
          learnedAt: this.#deps.now().toISOString(),
        };
        this.#noteEffect(message, lesson);
        break;
      case 'head-queued':
        this.#board.setQueues(message, rows);
        return;
      case 'head-validated':
        this.#board.setSuggestions(message.suggestions, rows, classIds);
        this.#board.setValidation(message, rows, classIds);
        if (this.#model) this.#model = { ...this.#model, outOfFold: this.#board.outOfFold };
        this.#state = 'ready';
        break;
    }
    this.#reason = null;
    this.#change();
  }

  #noteEffect(
    { test, rowCount }: Extract<FromQuickHead, { type: 'head-learned' }>,
    { testHash, isWhole }: Lesson,
  ): void {
    if (!test || !isWhole || this.#deps.project.readOnlyBecause !== null) return;
    this.#notes.addEffect({ at: this.#deps.now().toISOString(), labels: rowCount, ...test, testHash });
  }

  #fail(reason: Sentence): void {
    if (this.#isClosed) return;
    this.#state = 'failed';
    this.#reason = reason;
    this.#process = null;
    this.#change();
  }

  #count(rows: readonly LabelRow[]): void {
    let [unlabelled, unlabelledTests] = [0, 0];
    for (const { classId, split } of rows) {
      if (classId !== null) continue;
      if (split === 'test') unlabelledTests += 1;
      else unlabelled += 1;
    }
    this.#counts = { unlabelled, unlabelledTests, labelled: rows.length - unlabelled - unlabelledTests };
  }

  /** Provenance of what is accepted now. */
  #modelName(): string {
    return `${this.#settings().backbone}, head on ${this.#model?.labels ?? 0} labels`;
  }

  #describe(): SuggestionState {
    const { backbone, order } = this.#settings();
    if (!this.#isAwake) this.#count(this.#notes.labelRows());
    return {
      ...{ projectId: this.#deps.project.id, version: this.#version, state: this.#state, reason: this.#reason },
      ...{ backbone, order, model: this.#model, ...this.#counts },
      suggested: this.#board.suggested,
      histogram: [...this.#board.histogram],
      suspects: this.#board.suspects.length,
      next: [...this.#board.next(order)],
      effects: [...this.#notes.effects()],
      fromModel: this.#notes.countAccepted(),
    };
  }

  #change(): void {
    this.#version += 1;
    this.#deps.tell(this.#version);
  }
}

function makeLesson(id: number, facts: Pick<Lesson, 'rows' | 'classIds' | 'isWhole'>): Lesson {
  const hash = createHash('sha256');
  for (const { id: imageId, classId, split } of facts.rows) {
    if (split === 'test' && classId !== null) hash.update(`${imageId} ${classId}\n`);
  }
  return { id, ...facts, testHash: hash.digest('hex') };
}
