import { describe, expect, test } from 'vitest';
import { canTake, readPython } from '../../../../src-shared/domain/pipeline/python/read-python.ts';
import type { PipelineStep } from '../../../../src-shared/domain/pipeline/steps.ts';

describe('snippets as people have them', () => {
  test('the dictionary of the PyTorch transfer learning tutorial', () => {
    const { lists, problems } = readPython(`
import torch
from torchvision import datasets, models, transforms

# Data augmentation and normalization for training
data_transforms = {
    'train': transforms.Compose([
        transforms.RandomCrop(224),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    ]),
    'val': transforms.Compose([
        transforms.Resize(256),
        transforms.CenterCrop(224),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    ]),
}
image_datasets = {x: datasets.ImageFolder(os.path.join(data_dir, x), data_transforms[x]) for x in ['train', 'val']}
`);
    expect(problems).toEqual([]);
    expect(shortly(lists?.training)).toEqual([
      ['RandomCrop', { size: 224, padding: null, pad_if_needed: false, fill: 0, padding_mode: 'constant' }],
      ['RandomHorizontalFlip', { p: 0.5 }],
      ['ToTensor', {}],
      ['Normalize', { statistics: 'imagenet' }],
    ]);
    expect(kinds(lists?.evaluation)).toEqual(['Resize', 'CenterCrop', 'ToTensor', 'Normalize']);
  });

  test('the arguments of the PyTorch ImageNet example, with a step under a name', () => {
    const { lists, problems } = readPython(`
normalize = transforms.Normalize(mean=[0.5, 0.5, 0.5],
                                 std=[0.25, 0.25, 0.25])
train_dataset = datasets.ImageFolder(
    traindir,
    transforms.Compose([
        transforms.RandomCrop(224, padding=(4, 8), padding_mode="reflect"),
        transforms.ToTensor(),
        normalize,
    ]))
val_dataset = datasets.ImageFolder(valdir, transforms.Compose([
    transforms.Resize((256, 224), Image.BICUBIC), transforms.ToTensor(), normalize]))
`);
    expect(problems).toEqual([]);
    expect(shortly(lists?.training)[2]).toEqual([
      'Normalize',
      { statistics: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } },
    ]);
    expect(shortly(lists?.evaluation)[0]).toEqual([
      'Resize',
      { size: [256, 224], interpolation: 'bicubic', max_size: null, antialias: true },
    ]);
  });

  test('timm-like code: constants, arithmetic, lists put together', () => {
    const { lists, problems } = readPython(`
from timm.data.constants import IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD
IMG_SIZE: int = 224
crop_pct = 0.875
scale_size = int(IMG_SIZE / crop_pct)
primary_tfl = [transforms.Resize(scale_size, interpolation=InterpolationMode("bicubic")), transforms.CenterCrop(IMG_SIZE)]
final_tfl = []
final_tfl += [transforms.ToTensor()]
final_tfl.append(transforms.Normalize(mean=torch.tensor(IMAGENET_DEFAULT_MEAN), std=torch.tensor(IMAGENET_DEFAULT_STD)))
transform = transforms.Compose(primary_tfl + final_tfl)
`);
    expect(problems).toEqual([]);
    expect(shortly(lists?.training)).toEqual([
      ['Resize', { size: 256, interpolation: 'bicubic', max_size: null, antialias: true }],
      ['CenterCrop', { size: 224 }],
      ['ToTensor', {}],
      ['Normalize', { statistics: 'imagenet' }],
    ]);
  });

  test('v2: ToImage and a scaled ToDtype are ToTensor, at the place of the second', () => {
    const { lists, problems } = readPython(`
transforms = v2.Compose([
    v2.ToImage(),
    v2.ColorJitter(brightness=.2, hue=(-1e-1, 0.1)),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225], inplace=True),
])`);
    expect(kinds(lists?.training)).toEqual(['ColorJitter', 'ToTensor', 'Normalize']);
    expect(kinds(lists?.evaluation)).toEqual(['ToTensor', 'Normalize']);
    expect(problems.map(({ severity, sentence, at }) => [severity, sentence.key, at.line])).toEqual([
      ['note', 'pythonPartOfToTensor', 3],
      ['note', 'pythonPartOfToTensor', 5],
      ['note', 'pythonNoEffect', 6],
    ]);
  });

  test('torchvision’s reference presets: what depends on a run is named, not guessed', () => {
    const text = `
class ClassificationPresetTrain:
    def __init__(self, *, crop_size, hflip_prob=0.5):
        transforms = []
        transforms.append(T.RandomCrop(32))
        if hflip_prob > 0:
            transforms.append(T.RandomHorizontalFlip(hflip_prob))
        self.transforms = T.Compose(transforms)
`;
    expect(errors(text)).toEqual([
      '8:37 “transforms” depends on line 7, which only a running program can decide. Write its value in its place.',
    ]);
  });
});

describe('views for test-time augmentation', () => {
  const after = (text: string): readonly unknown[] => {
    const { lists, problems } = readPython(text);
    expect(problems, text).toEqual([]);
    return kinds(lists?.training);
  };

  test.each([
    ['torchvision’s documentation', 'Lambda(lambda crops: torch.stack([ToTensor()(crop) for crop in crops]))'],
    ['two at once', 'Lambda(lambda crops: torch.stack([transforms.ToTensor()(c) for c in crops], dim=0))'],
    ['the function', 'Lambda(lambda crops: torch.stack([TF.to_tensor(crop) for crop in crops]))'],
    ['a tuple', 'Lambda(lambda crops: torch.stack(tuple(ToTensor()(crop) for crop in crops)))'],
    ['a stack afterwards', 'Lambda(lambda v: [ToTensor()(x) for x in v]), Lambda(lambda v: torch.stack(v))'],
  ])('are read as in %s', (_name, each) => {
    expect(after(`t = Compose([Resize(256), TenCrop(224), ${each}])`)).toEqual(['Resize', 'TenCrop', 'ToTensor']);
  });

  test('and transforms that a name was given, one inside another, or a Compose', () => {
    const text = `
normalize = transforms.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])
crop = 3
eval_transform = transforms.Compose([
    transforms.FiveCrop(224),
    transforms.Lambda(lambda crops: torch.stack([normalize(transforms.ToTensor()(crop)) for crop in crops])),
])`;
    expect(after(text)).toEqual(['FiveCrop', 'ToTensor', 'Normalize']);
    expect(
      after('t = Compose([FiveCrop(8), Lambda(lambda v: [Compose([Pad(1), ToTensor()])(x) for x in v])])'),
    ).toEqual(['FiveCrop', 'Pad', 'ToTensor']);
  });

  test('mirrored beside the picture', () => {
    const text = 't = Compose([Lambda(lambda image: [image, F.hflip(image)]), Lambda(lambda x: (x, F.vflip(x)))])';
    expect(readPython(text).lists?.training.map(({ kind, parameters }) => [kind, parameters])).toEqual([
      ['FlipViews', { vertical_flip: false }],
      ['FlipViews', { vertical_flip: true }],
    ]);
  });

  test.each([
    'Compose([Lambda(lambda crops: torch.stack([ToTensor()(crop) for crop in crops]))])',
    'Compose([FiveCrop(8), Lambda(lambda crops: torch.stack([ToTensor()(crop) for crop in crops], dim=1))])',
    'Compose([FiveCrop(8), Lambda(lambda crops: [ToTensor()(crop) for crop in others])])',
    'Compose([FiveCrop(8), Lambda(lambda crops: [ToTensor()(crop) for crop in crops if crop])])',
    'Compose([FiveCrop(8), Lambda(lambda crops: crops[0])])',
    'Compose([Lambda(lambda image: [F.hflip(image), image])])',
    'Compose([Lambda(to_views)])',
  ])('and nothing else: %s', (text) => {
    expect(errors(text).map((error) => error.split(':')[2] ?? error)).toEqual([
      expect.stringContaining('transforms.Lambda'),
    ]);
  });
});

describe('the lists', () => {
  test.each([
    ['by assigned names', 'test_tf = T.Compose([T.CenterCrop(8)])\ntrain_tf = T.Compose([T.Pad(4)])'],
    [
      'by the function around',
      'def get_val():\n  return Compose([CenterCrop(8)])\ndef get_train():\n  return Compose([Pad(4)])',
    ],
    [
      'by the condition around',
      'if is_train:\n    t = T.Compose([T.Pad(4)])\nelse:\n    t = T.Compose([T.CenterCrop(8)])',
    ],
    ['by order', 'a = T.Compose([T.Pad(4)])\nb = nn.Sequential(T.CenterCrop(8))'],
    ['by keywords', 'ImageFolders(eval_tf=Compose([CenterCrop(8)]), train_tf=Compose([Pad(4)]))'],
  ])('are told apart %s', (_how, text) => {
    const { lists, problems } = readPython(text);
    expect(problems).toEqual([]);
    expect([kinds(lists?.training), kinds(lists?.evaluation)]).toEqual([['Pad'], ['CenterCrop']]);
  });

  test('in another list are part of it', () => {
    const { lists, problems } = readPython(
      'base = Compose([ToTensor()])\nflips = Compose([RandomHorizontalFlip(p=1)])\ntrain = Compose([flips, *[Pad(1)], base])',
    );
    expect(problems).toEqual([]);
    expect(kinds(lists?.training)).toEqual(['RandomHorizontalFlip', 'Pad', 'ToTensor']);
  });

  test('beyond two are named', () => {
    const { problems } = readPython('a = Compose([Pad(1)])\nb = Compose([Pad(2)])\nc = Compose([Pad(3)])');
    expect(problems.map(({ severity, sentence, at }) => [severity, sentence.key, at])).toEqual([
      ['note', 'pythonLeftOut', { line: 3, column: 5 }],
    ]);
  });

  test('a network’s Sequential is none', () => {
    expect(errors('net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())')).toEqual([
      '1:1 There is no list of transforms in this text. Paste the lines from “transforms.Compose([” to its last bracket.',
    ]);
  });
});

describe('what cannot be taken is named with its place', () => {
  test.each([
    ['Compose([Lambda(lambda x: x * 2), Pad(1)])', '1:10 Of transforms.Lambda only'],
    ['Compose([\n  v2.RandomPhotometricDistort(),\n])', '2:3 There is no step “v2.RandomPhotometricDistort”.'],
    ['Compose([Resize()])', '1:10 Resize needs “size”.'],
    ['Compose([Pad(2, paddding=3)])', '1:17 Pad has no parameter “paddding” here.'],
    ['Compose([RandomHorizontalFlip(0.5, 3, 4)])', '1:36 RandomHorizontalFlip takes no argument after p.'],
    ['Compose([RandomHorizontalFlip(p=1.5)])', '1:31 RandomHorizontalFlip does not take 1.5 for “p”.'],
    ['Compose([RandomRotation(degrees=(-900, 3))])', '1:25 RandomRotation does not take (-900, 3) for “degrees”.'],
    ['Compose([Resize(size)])', '1:17 “size” has no value above.'],
    ['Compose([Resize(224 if big else 96)])', '1:17 “224 if big else 96” has a value only in a running program.'],
    ['Compose([Resize(f"{size}")])', '1:17 “f-string” has a value only in a running program.'],
    ['Compose([Pad(1) if padded else ToTensor()])', '1:10 “Pad ( 1 ) if padded else ToTensor ( )” has a value only'],
    ['t = Compose([Pad(1)]) if padded else None', '1:5 This Compose is part of an expression that is not read.'],
    ['Compose(make())', '1:9 The transforms are not written out here.'],
    ['if big:\n  size = 2\nCompose([Resize(size)])', '3:17 “size” depends on line 2,'],
    ['Compose([ToImage(), Pad(1)])', '1:10 ToImage leaves values of 0 … 255.'],
    ['Compose([ToDtype(torch.float32)])', '1:10 ToDtype is read as dtype=torch.float32, scale=True only.'],
    ['Compose([224])', '1:10 This is no transform.'],
  ])('%s', (text, expected) => {
    const [first, ...more] = errors(text);
    expect(first).toContain(expected);
    expect(more).toEqual([]);
    expect(canTake(readPython(text))).toBe(false);
  });

  test('each of several, and the rest is still read', () => {
    const { lists, problems } = readPython('t = Compose([A(), Pad(1), B()])');
    expect(problems.map(({ at }) => at.column)).toEqual([14, 27]);
    expect(kinds(lists?.training)).toEqual(['Pad']);
  });

  test('any text at all', () => {
    for (const text of [
      '',
      '(((',
      ')',
      "'",
      '"""',
      'Compose(',
      'Compose([',
      'a = = b',
      'x = {1: }',
      'Compose([,,])',
      '\\',
      'def',
      'Compose([Pad(1,',
      '***',
      'a.b.(c',
      'lambda',
      '= 3',
    ]) {
      expect(canTake(readPython(text)), text).toBe(false);
    }
  });
});

test('what is wrong in a step that two lists share is said once', () => {
  expect(errors('n = Normalize([0.5], [1, 2])\na = Compose([n])\nb = Compose([n])')).toHaveLength(1);
});

test('a name keeps the value that it had', () => {
  const { lists } = readPython(
    'size = 8\nkeep = size\nsize = size * 2 + -3 ** 1 if False else 9\nt = Compose([CenterCrop(keep)])',
  );
  expect(shortly(lists?.training)).toEqual([['CenterCrop', { size: 8 }]]);
});

test('comments, continuations and line breaks of every kind do not matter', () => {
  const { lists, problems } = readPython(
    't = \\\r\n  Compose( # all\r\n [ Pad( # one\r\n\r\n (1 ,2), ) , # two )\r\n ] )  ; print("Compose(")',
  );
  expect(problems).toEqual([]);
  expect(shortly(lists?.training)).toEqual([['Pad', { padding: [1, 2], fill: 0, padding_mode: 'constant' }]]);
});

function errors(text: string): readonly string[] {
  return readPython(text)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ at, sentence }) => `${at.line}:${at.column} ${sentence.text}`);
}

function kinds(steps: readonly PipelineStep[] | undefined): readonly string[] {
  return (steps ?? []).map(({ kind }) => kind);
}

function shortly(steps: readonly PipelineStep[] | undefined): readonly (readonly [string, unknown])[] {
  return (steps ?? []).map(({ kind, parameters }) => [kind, parameters]);
}
