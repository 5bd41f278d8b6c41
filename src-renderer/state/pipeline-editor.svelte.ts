import * as v from 'valibot';
import {
  classicPipeline,
  createStep,
  deriveEvaluation,
  freeId,
  pipelinePartSchema,
  type Pipeline,
  type PipelinePart,
} from '../../src-shared/domain/pipeline/pipeline.ts';
import {
  canStandAt,
  findStep,
  insertStep,
  moveStep,
  placeBeside,
  placeSteps,
  removeStep,
  replaceStep,
  type PlacedStep,
  type StepPlace,
} from '../../src-shared/domain/pipeline/step-tree.ts';
import {
  isContainer,
  pipelineStepSchema,
  defaultsOf,
  type PipelineStep,
  type StepKind,
} from '../../src-shared/domain/pipeline/steps.ts';
import { chooseViews, type ViewsKind } from '../../src-shared/domain/pipeline/views.ts';
import { stableJson } from '../../src-shared/lib/stable-json.ts';
import { UndoStack } from './undo-stack.svelte.ts';

const saveDelayMs = 500;

/** How an editor keeps what is edited. */
export interface EditorPort {
  readonly save: (pipeline: Pipeline) => Promise<void>;
  readonly fail: (error: unknown) => void;
}

/** One pipeline being edited: selection, undo, and saving by itself half a second after the last change. */
export class PipelineEditor {
  part: PipelinePart = $state('training');
  saveState: 'saved' | 'unsaved' | 'failed' = $state('saved');
  /** What another window saved while changes here were not saved; nothing is saved until the person has chosen. */
  theirs: Pipeline | null = $state.raw(null);
  readonly #history: UndoStack<Pipeline>;
  readonly #port: EditorPort;
  #selectedId: string | null = $state(null);
  /** As it is on disk, as far as this window knows. */
  #saved: Pipeline;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly pipeline: Pipeline = $derived.by(() => this.#history.current);
  readonly steps: readonly PipelineStep[] = $derived(this.pipeline[this.part]);
  /** All steps as they stand below one another, those in containers after their container. */
  readonly rows: readonly PlacedStep[] = $derived(placeSteps(this.steps));
  /** The chosen step; the first one when the chosen one is not in this list. */
  readonly selectedRow: PlacedStep | null = $derived(
    this.rows.find(({ step }) => step.id === this.#selectedId) ?? this.rows[0] ?? null,
  );
  readonly selected: PipelineStep | null = $derived(this.selectedRow?.step ?? null);
  /** False also while the person has to choose between two versions. */
  readonly isSaved: boolean = $derived(this.saveState === 'saved' && this.theirs === null);
  readonly canUndo: boolean = $derived.by(() => this.#history.canUndo);
  readonly canRedo: boolean = $derived.by(() => this.#history.canRedo);

  constructor(pipeline: Pipeline, port: EditorPort) {
    this.#history = new UndoStack(pipeline);
    this.#saved = pipeline;
    this.#port = port;
  }

  select(stepId: string): void {
    this.#selectedId = stepId;
  }

  /** Moves the selection a row up or down; stays in the list. */
  selectBy(offset: number): void {
    const next = this.rows[this.rows.findIndex(({ step }) => step.id === this.selected?.id) + offset];
    if (next) this.select(next.step.id);
  }

  /** Adds a step and chooses it: into the chosen container where it may stand there, else after the chosen step. */
  add(kind: StepKind): void {
    const step = createStep(kind, this.#freeId(kind, []));
    const row = this.selectedRow;
    if (row && isContainer(row.step) && canStandAt(this.steps, step, row.step.id)) {
      this.#insert(step, { parentId: row.step.id, index: row.step.steps.length });
    } else if (row && canStandAt(this.steps, step, row.parentId)) {
      this.#insert(step, { parentId: row.parentId, index: row.index + 1 });
    } else {
      this.append(kind);
    }
  }

  /** Adds a step at the end. */
  append(kind: StepKind): void {
    this.#insert(createStep(kind, this.#freeId(kind, [])), { parentId: null, index: this.steps.length });
  }

  /** Adds a step as the last one that gets a picture. */
  insertBeforeTensor(kind: StepKind): void {
    const toTensor = this.steps.findIndex((step) => step.kind === 'ToTensor');
    this.#insert(createStep(kind, this.#freeId(kind, [])), {
      parentId: null,
      index: toTensor === -1 ? this.steps.length : toTensor,
    });
  }

  /** Puts a copy after the step, with ids of its own at every depth. */
  duplicate(step: PipelineStep): void {
    const row = findStep(this.steps, step.id);
    if (!row) return;
    const given: string[] = [];
    const copy = withIds(step, (kind) => {
      const id = this.#freeId(kind, given);
      given.push(id);
      return id;
    });
    this.#insert(copy, { parentId: row.parentId, index: row.index + 1 });
  }

  /** Removes a step with what it holds, and chooses the one that comes to its place, else the one before it. */
  remove(step: PipelineStep): void {
    const row = findStep(this.steps, step.id);
    if (!row) return;
    const siblings = this.rows.filter(({ parentId }) => parentId === row.parentId);
    const neighbour = siblings[row.index + 1] ?? siblings[row.index - 1];
    this.#setSteps(removeStep(this.steps, step.id));
    this.select(neighbour?.step.id ?? row.parentId ?? '');
  }

  /** Puts a step at a place, which is counted while the step still stands where it is. */
  moveTo(step: PipelineStep, place: StepPlace): void {
    const moved = moveStep(this.steps, step.id, place);
    if (moved !== this.steps) this.#setSteps(moved);
    this.select(step.id);
  }

  /** Moves a step by one place up or down, on the way into containers and out of them. */
  moveBy(step: PipelineStep, direction: -1 | 1): void {
    const place = placeBeside(this.steps, step, direction);
    if (place) this.moveTo(step, place);
  }

  setEnabled(step: PipelineStep, isEnabled: boolean): void {
    this.#replace({ ...step, isEnabled });
  }

  /** Changes one parameter. Refuses a value that the step cannot have; then nothing changes and the answer is false. */
  setParameter(step: PipelineStep, field: string, value: unknown): boolean {
    const parsed = v.safeParse(pipelineStepSchema, { ...step, parameters: { ...step.parameters, [field]: value } });
    if (parsed.success) this.#replace(parsed.output, `${step.id}.${field}`);
    return parsed.success;
  }

  resetParameters(step: PipelineStep): void {
    const parameters = defaultsOf(step.kind);
    // Kind and parameters stay paired, which TypeScript loses when a union is rebuilt.
    this.#replace({ ...step, parameters } as PipelineStep);
  }

  rename(name: string): void {
    this.#commit({ ...this.pipeline, name });
  }

  /** Puts other lists in the place of both; one step to undo. */
  setLists({ training, evaluation }: Pick<Pipeline, 'training' | 'evaluation'>): void {
    this.#commit({ ...this.pipeline, training, evaluation });
  }

  startAgain(): void {
    this.#commit(classicPipeline(this.pipeline.id, this.pipeline.name));
  }

  deriveEvaluation(): void {
    this.#commit({ ...this.pipeline, evaluation: deriveEvaluation(this.pipeline.training) });
  }

  /** Gives the evaluation list other test-time augmentation, or none (null), and chooses the step that makes the views. */
  chooseViews(kind: ViewsKind | null, inputSize: number): void {
    const evaluation = chooseViews(this.pipeline.evaluation, kind, inputSize);
    this.#commit({ ...this.pipeline, evaluation });
    const made = placeSteps(evaluation).find(({ step }) => step.kind === kind);
    if (made) this.select(made.step.id);
  }

  /** A slider or the like is held: all that it changes until `release` is one step of undo. */
  hold(): void {
    this.#history.hold();
  }

  release(): void {
    this.#history.release();
  }

  undo(): void {
    this.#goTo(() => this.#history.undo());
  }

  redo(): void {
    this.#goTo(() => this.#history.redo());
  }

  /**
   * Learns what is saved now. What another window saved is taken over as one step that can be undone; when there are
   * unsaved changes here it waits in `theirs`. True when it was taken over.
   */
  learn(saved: Pipeline): boolean {
    if (isSame(saved, this.#saved)) return false;
    this.#saved = saved;
    if (isSame(saved, this.pipeline)) return false;
    if (this.saveState !== 'saved') {
      clearTimeout(this.#timer);
      this.theirs = saved;
      return false;
    }
    this.#history.push(saved);
    return true;
  }

  /** Gives up the changes of this window; undo brings them back. */
  takeTheirs(): void {
    if (!this.theirs) return;
    this.#history.push(this.theirs);
    this.theirs = null;
    this.saveState = 'saved';
  }

  async keepMine(): Promise<void> {
    this.theirs = null;
    await this.flush();
  }

  /** Forgets what is not saved yet: the pipeline is going to be deleted. */
  close(): void {
    clearTimeout(this.#timer);
    this.saveState = 'saved';
  }

  /** Saves at once what is not saved yet, unless the person has to choose first. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.saveState === 'saved' || this.theirs) return;
    const saving = this.pipeline;
    const before = this.#saved;
    this.#saved = saving;
    try {
      await this.#port.save(saving);
      if (this.pipeline === saving) this.saveState = 'saved';
    } catch (error) {
      if (this.#saved === saving) this.#saved = before;
      this.saveState = 'failed';
      this.#port.fail(error);
    }
  }

  /** Moves in the history, and shows the list that changed by it. */
  #goTo(move: () => boolean): void {
    const before = this.pipeline;
    if (!move()) return;
    const changed = pipelinePartSchema.options.filter((part) => before[part] !== this.pipeline[part]);
    if (changed[0] !== undefined && !changed.includes(this.part)) this.part = changed[0];
    this.#saveSoon();
  }

  #insert(step: PipelineStep, place: StepPlace): void {
    this.#setSteps(insertStep(this.steps, place, step));
    this.select(step.id);
  }

  #replace(step: PipelineStep, mergeKey?: string): void {
    this.#setSteps(replaceStep(this.steps, step), mergeKey);
  }

  #setSteps(steps: readonly PipelineStep[], mergeKey?: string): void {
    this.#commit({ ...this.pipeline, [this.part]: steps }, mergeKey);
  }

  #commit(pipeline: Pipeline, mergeKey?: string): void {
    this.#history.push(pipeline, mergeKey);
    this.#saveSoon();
  }

  #saveSoon(): void {
    this.saveState = 'unsaved';
    clearTimeout(this.#timer);
    if (this.theirs) return;
    this.#timer = setTimeout(() => void this.flush(), saveDelayMs);
  }

  /** An id that no step of the list has, nor any of `others`. */
  #freeId(kind: StepKind, others: readonly string[]): string {
    return freeId(kind.toLowerCase(), new Set([...this.rows.map(({ step }) => step.id), ...others]));
  }
}

function withIds(step: PipelineStep, idFor: (kind: StepKind) => string): PipelineStep {
  const copy = { ...step, id: idFor(step.kind) };
  return isContainer(copy) ? { ...copy, steps: copy.steps.map((inner) => withIds(inner, idFor)) } : copy;
}

function isSame(one: Pipeline, other: Pipeline): boolean {
  return one === other || stableJson(one) === stableJson(other);
}
