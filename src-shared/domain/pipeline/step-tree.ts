import { containerDefaults, deepestNesting } from './containers.ts';
import { stepLabel } from './step-label.ts';
import { isContainer, type ContainerStep, type PipelineStep } from './steps.ts';

/** A place for a step: in the list itself (null) or in a container, before what stands at `index` there. */
export interface StepPlace {
  readonly parentId: string | null;
  readonly index: number;
}

/** A step of a list of any depth, and where it stands. */
export interface PlacedStep extends StepPlace {
  readonly step: PipelineStep;
  /** 0 in the list itself, 1 in a container of it. */
  readonly depth: number;
  /** Its number for people: "3", "3a", "3a1". */
  readonly label: string;
  /** False where the step or a container around it is switched off. */
  readonly isUsed: boolean;
}

/** All steps of a list, each before what it holds: as they stand below one another on a screen. */
export function placeSteps(steps: readonly PipelineStep[]): readonly PlacedStep[] {
  return place(steps, { parentId: null, path: [], isUsed: true });
}

function place(
  steps: readonly PipelineStep[],
  around: { readonly parentId: string | null; readonly path: readonly number[]; readonly isUsed: boolean },
): readonly PlacedStep[] {
  return steps.flatMap((step, index) => {
    const path = [...around.path, index];
    const isUsed = around.isUsed && step.isEnabled;
    const own = { step, parentId: around.parentId, index, depth: around.path.length, label: stepLabel(path), isUsed };
    return isContainer(step) ? [own, ...place(step.steps, { parentId: step.id, path, isUsed })] : [own];
  });
}

/** The step with this id, however deep. */
export function findStep(steps: readonly PipelineStep[], id: string | null): PlacedStep | undefined {
  return placeSteps(steps).find(({ step }) => step.id === id);
}

/** How many containers stand inside one another in this step, itself included. */
export function nestingOf(step: PipelineStep): number {
  return isContainer(step) ? 1 + Math.max(0, ...step.steps.map(nestingOf)) : 0;
}

/** False for a place that would nest too deep, or that lies in the step itself. */
export function canStandAt(steps: readonly PipelineStep[], step: PipelineStep, parentId: string | null): boolean {
  if (parentId === null) return true;
  if (findStep([step], parentId)) return false;
  const parent = findStep(steps, parentId);
  return parent !== undefined && parent.depth + 1 + nestingOf(step) <= deepestNesting;
}

/** The list with a step put in. */
export function insertStep(
  steps: readonly PipelineStep[],
  { parentId, index }: StepPlace,
  step: PipelineStep,
): readonly PipelineStep[] {
  return changeList(steps, parentId, (list) => list.toSpliced(index, 0, step));
}

/** The list without this step and what it holds. */
export function removeStep(steps: readonly PipelineStep[], id: string): readonly PipelineStep[] {
  return steps
    .filter((step) => step.id !== id)
    .map((step) => (isContainer(step) ? holding(step, removeStep(step.steps, id)) : step));
}

/** The list with another step in the place of the one with the same id. */
export function replaceStep(steps: readonly PipelineStep[], step: PipelineStep): readonly PipelineStep[] {
  return steps.map((other) => {
    if (other.id === step.id) return step;
    return isContainer(other) ? holding(other, replaceStep(other.steps, step)) : other;
  });
}

/** The list with a step at another place, which is counted while the step still stands where it is. */
export function moveStep(steps: readonly PipelineStep[], id: string, to: StepPlace): readonly PipelineStep[] {
  const from = findStep(steps, id);
  if (!from || !canStandAt(steps, from.step, to.parentId)) return steps;
  const isLater = from.parentId === to.parentId && to.index > from.index;
  const index = isLater ? to.index - 1 : to.index;
  if (from.parentId === to.parentId && from.index === index) return steps;
  if (from.parentId !== to.parentId)
    return insertStep(removeStep(steps, id), { parentId: to.parentId, index }, from.step);
  return changeList(steps, to.parentId, (list) => list.toSpliced(from.index, 1).toSpliced(index, 0, from.step));
}

/** The next place up or down for a step, on the way into the container beside it and out of the one around it; null at the end. */
export function placeBeside(steps: readonly PipelineStep[], step: PipelineStep, direction: -1 | 1): StepPlace | null {
  const rows = placeSteps(steps);
  const row = rows.find((one) => one.step.id === step.id);
  if (!row) return null;
  const beside = rows.find(({ parentId, index }) => parentId === row.parentId && index === row.index + direction)?.step;
  if (beside && isContainer(beside) && canStandAt(steps, step, beside.id)) {
    return { parentId: beside.id, index: direction === 1 ? 0 : beside.steps.length };
  }
  // Places are counted while the step still stands where it is.
  if (beside) return { parentId: row.parentId, index: direction === 1 ? row.index + 2 : row.index - 1 };
  const parent = rows.find((one) => one.step.id === row.parentId);
  return parent ? { parentId: parent.parentId, index: direction === 1 ? parent.index + 1 : parent.index } : null;
}

/** All places between the rows above and below a gap, the deepest first; `gap` counts rows from the top. */
export function placesAt(
  steps: readonly PipelineStep[],
  gap: number,
): readonly (StepPlace & { readonly depth: number })[] {
  const rows = placeSteps(steps);
  const above = rows[gap - 1];
  const shallowest = rows[gap]?.depth ?? 0;
  if (!above) return [{ parentId: null, index: 0, depth: 0 }];
  const inside = isContainer(above.step) ? [{ parentId: above.step.id, index: 0, depth: above.depth + 1 }] : [];
  const behind: (StepPlace & { readonly depth: number })[] = [];
  let row: PlacedStep | undefined = above;
  while (row) {
    const { parentId, index, depth }: PlacedStep = row;
    behind.push({ parentId, index: index + 1, depth });
    row = rows.find(({ step }) => step.id === parentId);
  }
  return [...inside, ...behind].filter(({ depth }) => depth >= shallowest);
}

/** Changes one list: the outermost (null), or that of a container. */
function changeList(
  steps: readonly PipelineStep[],
  parentId: string | null,
  change: (list: readonly PipelineStep[]) => readonly PipelineStep[],
): readonly PipelineStep[] {
  if (parentId === null) return change(steps);
  return steps.map((step) => {
    if (!isContainer(step)) return step;
    return holding(step, changeList(step.steps, step.id === parentId ? null : parentId, change));
  });
}

/** A container with other steps: the weights of RandomChoice stay with theirs, and a new one weighs what the others do on average. */
function holding(container: ContainerStep, steps: readonly PipelineStep[]): ContainerStep {
  const isSame = steps.length === container.steps.length && steps.every((step, at) => step === container.steps[at]);
  if (isSame) return container;
  if (container.kind !== 'RandomChoice' || container.parameters.p === null) return { ...container, steps };
  const weights = new Map(container.steps.map(({ id }, at) => [id, container.parameters.p?.[at] ?? 0]));
  const average = [...weights.values()].reduce((sum, weight) => sum + weight, 0) / Math.max(1, weights.size);
  const p = steps.map(({ id }) => weights.get(id) ?? average);
  return { ...container, steps, parameters: steps.length === 0 ? containerDefaults.RandomChoice : { p } };
}
