import type { Optimizer as OptimizerSettings } from '../../src-shared/domain/recipe/optimizer.ts';
import { assertNever } from '../../src-shared/lib/assert-never.ts';
import type { Tensor } from './tensorflow.ts';

/** The next value of a weight and of its slots. Runs inside a tidy: what is not returned is freed. */
export type UpdateRule = (step: UpdateStep) => { weight: Tensor; slots: Record<string, Tensor> };

interface UpdateStep {
  readonly weight: Tensor;
  readonly gradient: Tensor;
  /** The remembered array of this name, zeros at first. */
  readonly slot: (name: string) => Tensor;
  readonly learningRate: number;
  /** Of this weight, counted from 1: it may have begun to learn later than others. */
  readonly stepNumber: number;
  /** 0 for weights that never decay. */
  readonly weightDecay: number;
}

type SettingsOf<Kind extends OptimizerSettings['kind']> = Extract<OptimizerSettings, { kind: Kind }>;

/** The rule of an optimizer. */
export function updateRule(settings: OptimizerSettings): UpdateRule {
  switch (settings.kind) {
    case 'sgd':
      return (step) => updateBySgd(settings, step);
    case 'rmsprop':
      return (step) => updateByRmsprop(settings, step);
    case 'adam':
    case 'adamw':
      return (step) => updateByAdam(settings, step);
    default:
      return assertNever(settings, 'optimizer');
  }
}

/** torch.optim.SGD with dampening 0. */
function updateBySgd(settings: SettingsOf<'sgd'>, step: UpdateStep): ReturnType<UpdateRule> {
  const { weight, learningRate } = step;
  const gradient = withDecay(step);
  if (settings.momentum === 0) return { weight: weight.sub(gradient.mul(learningRate)), slots: {} };
  const velocity = step.slot('velocity').mul(settings.momentum).add(gradient);
  const direction = settings.isNesterov ? gradient.add(velocity.mul(settings.momentum)) : velocity;
  return { weight: weight.sub(direction.mul(learningRate)), slots: { velocity } };
}

/** torch.optim.RMSprop, not centered: epsilon outside the root, and momentum over the scaled gradient. */
function updateByRmsprop(settings: SettingsOf<'rmsprop'>, step: UpdateStep): ReturnType<UpdateRule> {
  const { weight, learningRate } = step;
  const { alpha, epsilon, momentum } = settings;
  const gradient = withDecay(step);
  const meanSquare = step
    .slot('mean-square')
    .mul(alpha)
    .add(gradient.square().mul(1 - alpha));
  const scaled = gradient.div(meanSquare.sqrt().add(epsilon));
  if (momentum === 0) return { weight: weight.sub(scaled.mul(learningRate)), slots: { 'mean-square': meanSquare } };
  const velocity = step.slot('velocity').mul(momentum).add(scaled);
  return { weight: weight.sub(velocity.mul(learningRate)), slots: { 'mean-square': meanSquare, velocity } };
}

/** torch.optim.Adam and AdamW: bias-corrected moments, epsilon outside the root. */
function updateByAdam(settings: SettingsOf<'adam' | 'adamw'>, step: UpdateStep): ReturnType<UpdateRule> {
  const { learningRate, stepNumber, weightDecay } = step;
  const { beta1, beta2, epsilon } = settings;
  const isDecoupled = settings.kind === 'adamw';
  const gradient = isDecoupled ? step.gradient : withDecay(step);
  const shrunk = isDecoupled && weightDecay > 0 ? step.weight.mul(1 - learningRate * weightDecay) : step.weight;
  const first = step
    .slot('first-moment')
    .mul(beta1)
    .add(gradient.mul(1 - beta1));
  const second = step
    .slot('second-moment')
    .mul(beta2)
    .add(gradient.square().mul(1 - beta2));
  const denominator = second
    .sqrt()
    .div(Math.sqrt(1 - beta2 ** stepNumber))
    .add(epsilon);
  const stepSize = learningRate / (1 - beta1 ** stepNumber);
  return {
    weight: shrunk.sub(first.div(denominator).mul(stepSize)),
    slots: { 'first-moment': first, 'second-moment': second },
  };
}

/** L2: the gradient of the loss with weightDecay / 2 · ‖weight‖² added to it. */
function withDecay({ gradient, weight, weightDecay }: UpdateStep): Tensor {
  return weightDecay > 0 ? gradient.add(weight.mul(weightDecay)) : gradient;
}
