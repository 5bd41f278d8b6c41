import type { ResolvedContainer, ResolvedStep } from '../../src-shared/domain/pipeline/resolve.ts';
import { assertNever } from '../../src-shared/lib/assert-never.ts';
import { randomOfStep, tossCoin, type PictureSeed, type StepFacts } from './step.ts';

/** What a container does with one image. */
export interface ContainerPlan {
  /** Which of its steps are done, by their places, first to last. */
  readonly order: readonly number[];
  readonly facts: StepFacts;
}

/**
 * Decides what a container does, with torchvision's distributions. Choice and order come from one number for each step inside, so that
 * a step that is added, moved or weighed otherwise changes as little as can be of what the others were drawn for.
 */
export function planContainer(container: ResolvedContainer, seed: PictureSeed): ContainerPlan {
  const { steps } = container;
  const all = [...steps.keys()];
  switch (container.kind) {
    case 'Compose':
      return { order: all, facts: {} };
    case 'RandomApply': {
      const isApplied = tossCoin(container.parameters, randomOfStep(seed, container));
      return { order: isApplied ? all : [], facts: { isApplied } };
    }
    case 'RandomChoice': {
      const weights = container.parameters.p ?? steps.map(() => 1);
      // The first of waiting times with these rates (exponential race) is each step in proportion to its weight.
      const waits = steps.map((step, at) => -Math.log(1 - numberOf(container, step, seed)) / (weights[at] ?? 0));
      const [chosen] = sorted(all, waits).filter((at) => (weights[at] ?? 0) > 0);
      if (chosen === undefined) return { order: [], facts: {} };
      return { order: [chosen], facts: { chosen: nameOf(steps, chosen) } };
    }
    case 'RandomOrder': {
      const order = sorted(
        all,
        steps.map((step) => numberOf(container, step, seed)),
      );
      return { order, facts: { order: order.map((at) => nameOf(steps, at)).join(', ') } };
    }
    default:
      return assertNever(container, 'container');
  }
}

/** Uniform in [0, 1). No id of a step has a slash, so that nothing else draws from this stream. */
function numberOf(container: ResolvedContainer, step: ResolvedStep, seed: PictureSeed): number {
  return randomOfStep(seed, { id: `${container.id}/${step.id}` }).next();
}

function sorted(places: readonly number[], keys: readonly number[]): readonly number[] {
  return places.toSorted((one, other) => (keys[one] ?? 0) - (keys[other] ?? 0));
}

/** The kind of a step; with a number where there are several of it. */
function nameOf(steps: readonly ResolvedStep[], at: number): string {
  const kind = steps[at]?.kind ?? '';
  const same = steps.flatMap((step, place) => (step.kind === kind ? [place] : []));
  return same.length === 1 ? kind : `${kind} ${same.indexOf(at) + 1}`;
}
