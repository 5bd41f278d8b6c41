import { containerDefaults } from '../containers.ts';
import { isContainer, type ContainerStep, type PipelineStep } from '../steps.ts';
import { viewCountOf } from '../views.ts';
import { onOneLine, type Piece } from './layout.ts';
import { listOf, writeArguments, type BackboneWords } from './write-arguments.ts';

/**
 * The steps of a list. Behind one that makes views each further one is a Lambda that does it to every view, as torchvision's documentation
 * of FiveCrop shows it. Those that are turned off stay as comments.
 */
export function writeSteps(steps: readonly PipelineStep[], backbone: BackboneWords, prefix = ''): readonly Piece[] {
  let areViews = false;
  let areTensors = false;
  return steps.map((step) => {
    const isTensor = areTensors || makesTensor(step);
    const call = writeStep(step, backbone, prefix);
    const written = areViews ? onEachView(call, isTensor, prefix) : call;
    if (!step.isEnabled) return `# ${onOneLine(written)},  # turned off`;
    areViews ||= viewCountOf([step]) > 1;
    areTensors = isTensor;
    return written;
  });
}

/** A call that can be made with a picture. */
type CallPiece = Exclude<Piece, string>;

/** The step as a call of torchvision, `RandomCrop(size=224, padding=4)`; arguments at torchvision's default are left out. */
export function writeStep(step: PipelineStep, backbone: BackboneWords, prefix = ''): CallPiece {
  if (isContainer(step)) return writeContainer(step, backbone, prefix);
  if (step.kind === 'FlipViews') {
    // There is no class for it.
    const flip = step.parameters.vertical_flip ? 'vflip' : 'hflip';
    const views = `lambda image: [image, ${prefix}functional.${flip}(image)]`;
    return { open: `${prefix}Lambda(`, items: [views], close: ')' };
  }
  return { open: `${prefix}${step.kind}(`, items: writeArguments(step, backbone), close: ')' };
}

/** Tensors become one with the views as its first dimension, as a network takes them. */
function onEachView(call: CallPiece, isTensor: boolean, prefix: string): CallPiece {
  const items = [{ ...call, close: `${call.close}(view)` }, 'for view in views'];
  const body: Piece = isTensor
    ? { open: 'lambda views: torch.stack(', items: [{ open: '[', items, close: ']', separator: '' }], close: ')' }
    : { open: 'lambda views: [', items, close: ']', separator: '' };
  return { open: `${prefix}Lambda(`, items: [body], close: ')' };
}

function makesTensor(step: PipelineStep): boolean {
  return isContainer(step)
    ? step.isEnabled && step.steps.some(makesTensor)
    : step.isEnabled && step.kind === 'ToTensor';
}

function writeContainer(step: ContainerStep, backbone: BackboneWords, prefix: string): CallPiece {
  const isTall = step.steps.some(({ isEnabled }) => !isEnabled);
  const items = writeSteps(step.steps, backbone, prefix);
  return {
    open: `${prefix}${step.kind}(`,
    items: [{ open: '[', items, close: ']', isTall }, ...probabilitiesOf(step)],
    close: ')',
  };
}

function probabilitiesOf(step: ContainerStep): readonly string[] {
  if (step.kind === 'RandomApply') {
    return step.parameters.p === containerDefaults.RandomApply.p ? [] : [`p=${String(step.parameters.p)}`];
  }
  if (step.kind !== 'RandomChoice' || step.parameters.p === null) return [];
  return [`p=${listOf(step.parameters.p.filter((_weight, at) => step.steps[at]?.isEnabled))}`];
}
