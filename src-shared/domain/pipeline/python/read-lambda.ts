import type { Call, Expression } from './expression.ts';

/** What a transforms.Lambda does, as far as it can be understood. */
export type LambdaReading =
  /** The picture and its mirror image: two views. */
  | { readonly type: 'flip'; readonly isVertical: boolean }
  /** These transforms, one after the other, to each view that there is. */
  | { readonly type: 'each'; readonly transforms: readonly Expression[] };

/** Functions of torchvision.transforms.functional that are a transform, and its name. */
const functionNames: ReadonlyMap<string, string> = new Map([
  ['to_tensor', 'ToTensor'],
  ['normalize', 'Normalize'],
]);

/**
 * Reads `Lambda(lambda views: torch.stack([step(view) for view in views]))`, how torchvision's documentation goes on after FiveCrop and
 * TenCrop, and `Lambda(lambda image: [image, hflip(image)])`. Null for anything else.
 */
export function readLambda({ positional, keywords }: Call): LambdaReading | null {
  const given = positional[0] ?? keywords.find(({ name }) => name === 'lambd')?.value;
  if (given?.type !== 'lambda' || positional.length + keywords.length !== 1) return null;
  const { parameter, body } = given;
  if (body.type === 'list') {
    const [only] = body.items;
    return body.items.length === 1 && only ? readEach(only, parameter) : readFlip(body.items, parameter);
  }
  if (body.type !== 'call' || !isCollection(body)) return null;
  const [views] = body.positional;
  if (!views) return null;
  if (isName(views, parameter)) return { type: 'each', transforms: [] };
  const inside = views.type === 'list' && views.items.length === 1 ? views.items[0] : views;
  if (inside?.type === 'call' && isCollection(inside) && inside.positional[0]) {
    return readEach(inside.positional[0], parameter);
  }
  return inside ? readEach(inside, parameter) : null;
}

/** torch.stack along the first dimension, list or tuple: what holds the views together changes nothing. */
function isCollection({ path, positional, keywords }: Call): boolean {
  const name = path.at(-1) ?? '';
  const dimension = positional[1] ?? keywords.find((keyword) => keyword.name === 'dim')?.value;
  const isFirst = dimension === undefined || (dimension.type === 'number' && dimension.value === 0);
  return ['stack', 'list', 'tuple'].includes(name) && isFirst;
}

function readEach(comprehension: Expression, parameter: string): LambdaReading | null {
  if (comprehension.type !== 'comprehension' || !isName(comprehension.items, parameter)) return null;
  const transforms = appliedTo(comprehension.element, comprehension.variable);
  return transforms && { type: 'each', transforms };
}

/** The transforms around a variable, innermost first; null where something else is done to it. */
function appliedTo(expression: Expression, variable: string): readonly Expression[] | null {
  if (isName(expression, variable)) return [];
  if (expression.type === 'apply') {
    const [argument] = expression.positional;
    if (!argument || expression.positional.length + expression.keywords.length !== 1) return null;
    const before = appliedTo(argument, variable);
    return before && [...before, expression.callee];
  }
  if (expression.type !== 'call') return null;
  const name = functionNames.get(expression.path.at(-1) ?? '');
  const [argument, ...rest] = expression.positional;
  if (name === undefined || !argument) return null;
  const before = appliedTo(argument, variable);
  return before && [...before, { ...expression, path: [name], positional: rest }];
}

function readFlip([original, mirrored, ...others]: readonly Expression[], parameter: string): LambdaReading | null {
  if (!original || !isName(original, parameter) || others.length > 0 || mirrored?.type !== 'call') return null;
  const [argument] = mirrored.positional;
  const name = mirrored.path.at(-1) ?? '';
  if (!argument || !isName(argument, parameter) || !['hflip', 'vflip'].includes(name)) return null;
  return { type: 'flip', isVertical: name === 'vflip' };
}

function isName(expression: Expression, name: string): boolean {
  return expression.type === 'name' && expression.path.join('.') === name;
}
