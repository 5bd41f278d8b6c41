/** A function's value and gradient at a point. */
export interface Slope {
  readonly value: number;
  readonly gradient: Float32Array;
}

export interface MinimiseOptions {
  /** It has arrived where no part of the gradient is larger. */
  readonly tolerance: number;
  readonly mostIterations: number;
  /** Asked before each evaluation; true ends it where it is. */
  readonly shouldStop?: () => boolean;
}

export interface Minimum {
  readonly point: Float32Array;
  readonly value: number;
  /** The largest part of the gradient there. */
  readonly steepness: number;
  readonly iterations: number;
  readonly isStopped: boolean;
}

/** Steps that tell about the curvature; ten are the customary choice. */
const memory = 10;
/** What a step must bring of what the slope promises (Armijo), and how far one is shortened that does not. */
const sufficient = 1e-4;
const shrink = 0.5;
const mostShrinks = 12;

interface Step {
  readonly move: Float32Array;
  readonly change: Float32Array;
  /** 1 / moveᵀ·change. */
  readonly curvature: number;
}

/**
 * Minimises a smooth convex function from a point on: L-BFGS with backtracking (Nocedal and Wright, Numerical Optimization, algorithms 7.4
 * and 3.1). The same function and start give the same steps.
 */
export async function minimise(
  evaluate: (point: Float32Array) => Promise<Slope>,
  start: Float32Array,
  { tolerance, mostIterations, shouldStop = () => false }: MinimiseOptions,
): Promise<Minimum> {
  let point = start;
  let { value, gradient } = await evaluate(point);
  const steps: Step[] = [];
  for (let iterations = 0; ; iterations += 1) {
    const steepness = largest(gradient);
    const isStopped = shouldStop();
    const result = { point, value, steepness, iterations, isStopped };
    if (isStopped || steepness <= tolerance || iterations === mostIterations) return result;
    const next = await descend(evaluate, { point, value, gradient, steps });
    if (!next) return result;
    const step = stepBetween({ point, gradient }, next);
    if (step) steps.push(step);
    if (steps.length > memory) steps.shift();
    ({ point, value, gradient } = next);
  }
}

interface Place extends Slope {
  readonly point: Float32Array;
}

/** The next point, lower than this one; null where there is none that float32 can tell. */
async function descend(
  evaluate: (point: Float32Array) => Promise<Slope>,
  { point, value, gradient, steps }: Place & { readonly steps: readonly Step[] },
): Promise<Place | null> {
  const direction = directionOf(gradient, steps);
  const slope = dot(direction, gradient);
  if (!(slope < 0)) return null;
  let length = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
  for (let tries = 0; tries <= mostShrinks; tries += 1) {
    const candidate = along(point, direction, length);
    const at = await evaluate(candidate);
    if (at.value <= value + sufficient * length * slope) return { point: candidate, ...at };
    length *= shrink;
  }
  return null;
}

/** −H·gradient, with H built from the last steps. */
function directionOf(gradient: Float32Array, steps: readonly Step[]): Float32Array {
  const direction = gradient.slice();
  const shares = steps.map(() => 0);
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const { move, change, curvature } = steps[index]!;
    shares[index] = curvature * dot(move, direction);
    addScaled(direction, change, -shares[index]!);
  }
  const last = steps.at(-1);
  if (last) scale(direction, 1 / (last.curvature * dot(last.change, last.change)));
  steps.forEach(({ move, change, curvature }, index) => {
    addScaled(direction, move, shares[index]! - curvature * dot(change, direction));
  });
  scale(direction, -1);
  return direction;
}

/** Null for a step that shows no curvature beyond rounding. */
function stepBetween(from: Omit<Place, 'value'>, to: Omit<Place, 'value'>): Step | null {
  const move = minus(to.point, from.point);
  const change = minus(to.gradient, from.gradient);
  const product = dot(move, change);
  return product > 1e-10 * dot(change, change) ? { move, change, curvature: 1 / product } : null;
}

function along(point: Float32Array, direction: Float32Array, length: number): Float32Array {
  const moved = point.slice();
  addScaled(moved, direction, length);
  return moved;
}

function minus(a: Float32Array, b: Float32Array): Float32Array {
  const difference = a.slice();
  addScaled(difference, b, -1);
  return difference;
}

function addScaled(target: Float32Array, values: Float32Array, factor: number): void {
  for (let index = 0; index < target.length; index += 1) target[index]! += factor * values[index]!;
}

function scale(target: Float32Array, factor: number): void {
  for (let index = 0; index < target.length; index += 1) target[index]! *= factor;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += a[index]! * b[index]!;
  return sum;
}

function largest(values: Float32Array): number {
  let most = 0;
  for (let index = 0; index < values.length; index += 1) most = Math.max(most, Math.abs(values[index]!));
  return most;
}
