import * as v from 'valibot';

/** So many containers may stand inside one another. */
export const deepestNesting = 4;

/** torchvision's containers: kinds of steps that hold steps. Their parameters carry its names and defaults; `transforms` are `steps` here. */
export const containerParameterSchemas = {
  /** All of its steps in order, with this probability. */
  RandomApply: v.pipe(v.strictObject({ p: v.pipe(v.number(), v.minValue(0), v.maxValue(1)) }), v.readonly()),
  /** One of its steps; `p` are weights in the order of the steps, null makes all equally likely. */
  RandomChoice: v.pipe(
    v.strictObject({
      p: v.nullable(v.pipe(v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(1e6))), v.readonly())),
    }),
    v.readonly(),
  ),
  /** All of its steps, every order equally likely. */
  RandomOrder: v.pipe(v.strictObject({}), v.readonly()),
  /** All of its steps in order: a branch of several steps. */
  Compose: v.pipe(v.strictObject({}), v.readonly()),
} as const;

export type ContainerKind = keyof typeof containerParameterSchemas;
export type ContainerParameters = {
  readonly [K in ContainerKind]: v.InferOutput<(typeof containerParameterSchemas)[K]>;
};

export const containerDefaults: ContainerParameters = {
  RandomApply: { p: 0.5 },
  RandomChoice: { p: null },
  RandomOrder: {},
  Compose: {},
};

/** All of them, in the order in which a person is offered them. */
export const containerKinds = Object.keys(containerParameterSchemas) as readonly ContainerKind[];

export function isContainerKind(kind: string): kind is ContainerKind {
  return Object.hasOwn(containerDefaults, kind);
}

/** True when lists of steps in lists of steps go at most this deep; reads nothing else, so that it can come before any schema. */
export function nestsAtMost(steps: unknown, deepest: number): boolean {
  if (!Array.isArray(steps)) return true;
  return steps.every((step: unknown) => {
    const inner = typeof step === 'object' && step !== null && 'steps' in step ? step.steps : undefined;
    return inner === undefined || (deepest > 0 && nestsAtMost(inner, deepest - 1));
  });
}
