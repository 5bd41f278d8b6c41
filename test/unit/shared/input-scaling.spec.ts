import { expect, it } from 'vitest';
import { suggestScaling } from '../../../src-shared/domain/input-scaling.ts';

it.each([
  ['mobilenetv2_1.00_224', 'tf'],
  ['MobilenetV3small', '0-255'],
  ['resnet50', 'caffe'],
  ['resnet50v2', 'tf'],
  ['vgg16', 'caffe'],
  ['densenet121', 'torch'],
  ['inception_resnet_v2', 'tf'],
  ['efficientnetb0', '0-255'],
  ['my_own_net', null],
] as const)('%s of keras.applications expects %s', (name, scaling) => {
  expect(suggestScaling(name, false)).toBe(scaling);
});

it('leaves pixels as they are to a model that prepares them itself', () => {
  expect(suggestScaling('my_own_net', true)).toBe('0-255');
});
