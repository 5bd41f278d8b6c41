/** What `sample.json` says about a bundled sample; `counts` are images over all classes. */
export interface SampleRecord {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly classes: readonly string[];
  readonly counts: { readonly train: number; readonly test: number; readonly total: number };
  readonly licence: string;
  readonly origin: string;
  readonly credit: string;
}

/** The Fashion-MNIST classes in label order (label 0 first). */
export const fashionClasses = [
  'T-shirt',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const;

/** The words and credits of the two samples; classes and counts are added once the images are written. */
export const sampleWords = {
  fashion: {
    id: 'fashion-mnist',
    title: 'Fashion-MNIST',
    description: 'Pictures of clothes in grey, 28 pixels wide: the first 80 training and 20 test images of each class.',
    licence: 'MIT',
    origin: 'https://github.com/zalandoresearch/fashion-mnist',
    credit: 'Fashion-MNIST by Han Xiao, Kashif Rasul and Roland Vollgraf, © 2017 Zalando SE',
  },
  emoji: {
    id: 'fluent-emoji',
    title: 'Fluent Emoji',
    description:
      'Rendered things, animals and faces in colour, 128 pixels wide, on a transparent ground: 32 training and 8 test images of each class.',
    licence: 'MIT',
    origin: 'https://github.com/microsoft/fluentui-emoji',
    credit: 'Fluent Emoji 3D, © Microsoft Corporation; packaged as @lobehub/fluent-emoji-3d, © 2023 LobeHub',
  },
} as const;

/** The MIT licence text under the given copyright lines. */
export function mitLicence(copyrightLines: readonly string[]): string {
  return `MIT License

${copyrightLines.join('\n')}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`;
}
