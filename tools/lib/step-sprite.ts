import path from 'node:path';
import sharp from 'sharp';
import { applyPipeline } from '../../src-main/imaging/apply-pipeline.ts';
import type { RgbImage } from '../../src-main/imaging/kernels/rgb-image.ts';
import { resize } from '../../src-main/imaging/kernels/resize.ts';
import { toPicture } from '../../src-main/imaging/kernels/tensor.ts';
import { viewsOf } from '../../src-main/imaging/step.ts';
import { createStep } from '../../src-shared/domain/pipeline/pipeline.ts';
import { resolveSteps } from '../../src-shared/domain/pipeline/resolve.ts';
import { spriteColumns } from '../../src-shared/domain/pipeline/step-sprite.ts';
import { isContainerKind } from '../../src-shared/domain/pipeline/containers.ts';
import { stepKinds, type PipelineStep, type StepKind } from '../../src-shared/domain/pipeline/steps.ts';
import { repositoryRoot } from './repository.ts';

/** Pixels with alpha, row by row. */
export interface Sprite {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Twice the 40 pixels that it is shown at. */
const cellPx = 80;
const photoPx = 64;
const gapPx = 4;
/** What several pictures take of a cell. */
const groupPx = 72;
const backbone = { inputSize: 44, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;
/** Of the bundled sample Fluent Emoji: neither its sides nor its colours are alike. */
const photoFile = 'assets/samples/fluent-emoji/train/Vehicles/delivery-truck.png';

/** What a kind is shown with: strong enough to be seen at this size, and sure to happen. */
const shownParameters: Readonly<Partial<Record<StepKind, object>>> = {
  Resize: { size: 40 },
  RandomResizedCrop: { size: 56, scale: [0.25, 0.3] },
  Pad: { padding: 8, fill: [40, 44, 52] },
  RandomHorizontalFlip: { p: 1 },
  RandomVerticalFlip: { p: 1 },
  RandomRotation: { degrees: [25, 25], interpolation: 'bilinear' },
  RandomAffine: { degrees: [-10, -10], scale: [0.8, 0.8], shear: [20, 20], interpolation: 'bilinear' },
  RandomPerspective: { distortion_scale: 0.6, p: 1 },
  ElasticTransform: { alpha: 60, sigma: 3 },
  ColorJitter: { brightness: [1.1, 1.1], saturation: [1.4, 1.4], hue: [0.4, 0.4] },
  RandomGrayscale: { p: 1 },
  RandomInvert: { p: 1 },
  RandomPosterize: { bits: 2, p: 1 },
  RandomSolarize: { threshold: 128, p: 1 },
  RandomAutocontrast: { p: 1 },
  RandomEqualize: { p: 1 },
  RandomAdjustSharpness: { sharpness_factor: 8, p: 1 },
  GaussianBlur: { kernel_size: 9, sigma: [2.5, 2.5] },
  AutoAugment: { fill: 128 },
  RandAugment: { magnitude: 20, fill: 128 },
  TrivialAugmentWide: { fill: 128 },
  AugMix: { severity: 10 },
  RandomErasing: { p: 1, scale: [0.12, 0.14] },
};
/** Where the first draw shows little of what the kind does, another one. */
const shownSeeds: Readonly<Partial<Record<StepKind, number>>> = {
  ...{ RandomResizedCrop: 4, AutoAugment: 5, RandAugment: 6, TrivialAugmentWide: 10, AugMix: 6 },
};

/** The photo as it is, then what each kind of step makes of it, in the order in which a person is offered them. */
export async function makeSprite(): Promise<Sprite> {
  const photo = await readPhoto();
  const cells = [[photo], ...stepKinds.map((kind) => picturesOf(kind, photo))];
  const rows = Math.ceil(cells.length / spriteColumns);
  const sprite = { width: spriteColumns * cellPx, height: rows * cellPx };
  const data = new Uint8Array(sprite.width * sprite.height * 4);
  for (const [index, pictures] of cells.entries()) {
    const corner = { left: (index % spriteColumns) * cellPx, top: Math.floor(index / spriteColumns) * cellPx };
    placeAll(pictures, (x, y, color) => {
      const at = ((corner.top + y) * sprite.width + corner.left + x) * 4;
      data.set(color, at);
      data[at + 3] = 255;
    });
  }
  return { ...sprite, data };
}

export async function encodeSprite({ width, height, data }: Sprite): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 4 } })
    .webp({ quality: 84, effort: 6 })
    .toBuffer();
}

/** Before a sky and a lawn, so that edges and fills can be told from the picture. */
async function readPhoto(): Promise<RgbImage> {
  const scene = `<svg xmlns="http://www.w3.org/2000/svg" width="128" height="128"><defs><linearGradient id="s" x2="0" y2="1">
    <stop stop-color="#7fbdec"/><stop offset="1" stop-color="#dff0fa"/></linearGradient></defs>
    <rect width="128" height="128" fill="url(#s)"/><rect y="96" width="128" height="32" fill="#86b86b"/></svg>`;
  const truck = await sharp(path.join(repositoryRoot, photoFile)).resize(112, 112).toBuffer();
  const large = await sharp(Buffer.from(scene))
    .composite([{ input: truck, left: 8, top: 10 }])
    .removeAlpha()
    .raw()
    .toBuffer();
  return resize({ width: 128, height: 128, data: large }, { width: photoPx, height: photoPx }, 'bilinear');
}

function picturesOf(kind: StepKind, photo: RgbImage): readonly RgbImage[] {
  if (kind === 'ToTensor') return [0, 1, 2].map((channel) => channelOf(photo, channel));
  // Of what a container does, one draw tells little.
  const seeds = isContainerKind(kind) && kind !== 'Compose' ? [2, 3, 5, 8] : [shownSeeds[kind] ?? 1];
  return seeds.flatMap((seed) => {
    const value = applyPipeline(photo, resolveSteps(stepsFor(kind), backbone), seed);
    return viewsOf(value).map((view) => (view.type === 'picture' ? view.image : toPicture(view.tensor, shownAs(kind))));
  });
}

function stepsFor(kind: StepKind): readonly PipelineStep[] {
  const step = createStep(kind, kind.toLowerCase());
  const shown = { ...step, parameters: { ...step.parameters, ...shownParameters[kind] } } as PipelineStep;
  if (isContainerKind(kind)) return [{ ...shown, steps: insideOf(kind) } as PipelineStep];
  return kind === 'Normalize' || kind === 'RandomErasing' ? [createStep('ToTensor', 'tensor'), shown] : [shown];
}

function insideOf(kind: StepKind): readonly PipelineStep[] {
  const with_ = (inner: StepKind): PipelineStep => {
    const step = createStep(inner, `in-${inner.toLowerCase()}`);
    return { ...step, parameters: { ...step.parameters, ...shownParameters[inner] } } as PipelineStep;
  };
  if (kind === 'RandomOrder') return [with_('RandomRotation'), with_('RandomResizedCrop')];
  if (kind === 'RandomChoice') return [with_('RandomRotation'), with_('RandomInvert'), with_('RandomGrayscale')];
  return [with_('RandomRotation'), with_('ColorJitter')];
}

/** Normalize is shown as it scales: around grey, and mostly out of range. */
function shownAs(kind: StepKind): Parameters<typeof toPicture>[1] {
  return kind === 'Normalize' ? [{ mean: [0.5, 0.5, 0.5], std: [0.16, 0.16, 0.16] }] : [];
}

function channelOf({ width, height, data }: RgbImage, channel: number): RgbImage {
  return { width, height, data: data.map((value, index) => (index % 3 === channel ? value : 0)) };
}

type Put = (x: number, y: number, color: Uint8Array) => void;

/** One picture in the middle of the cell; several beside and below one another. */
function placeAll(pictures: readonly RgbImage[], put: Put): void {
  const columns = pictures.length > 5 ? 5 : Math.ceil(Math.sqrt(pictures.length));
  const rows = Math.ceil(pictures.length / columns);
  const side = Math.floor((groupPx - (columns - 1) * gapPx) / columns);
  const widthOfAll = columns * side + (columns - 1) * gapPx;
  const heightOfAll = rows * side + (rows - 1) * gapPx;
  for (const [index, picture] of pictures.entries()) {
    const shown = pictures.length === 1 ? picture : fitted(picture, side);
    const column = index % columns;
    const row = Math.floor(index / columns);
    const [width, height] = pictures.length === 1 ? [shown.width, shown.height] : [widthOfAll, heightOfAll];
    const left = Math.floor((cellPx - width) / 2) + column * (side + gapPx);
    const top = Math.floor((cellPx - height) / 2) + row * (side + gapPx);
    for (let y = 0; y < shown.height; y += 1) {
      for (let x = 0; x < shown.width; x += 1) {
        const at = (y * shown.width + x) * 3;
        put(left + x, top + y, shown.data.subarray(at, at + 3));
      }
    }
  }
}

function fitted(picture: RgbImage, side: number): RgbImage {
  const scale = side / Math.max(picture.width, picture.height);
  const scaled = (length: number): number => Math.max(1, Math.round(length * scale));
  return resize(picture, { width: scaled(picture.width), height: scaled(picture.height) }, 'bilinear');
}
