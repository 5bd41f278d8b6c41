import { describe, expect, it } from 'vitest';
import { asDeviceFailure } from '../../../src-main/trainer/device-failure.ts';

describe('the failure of a device', () => {
  it('is told with the first line of what TensorFlow says', () => {
    const error = new Error('Invalid TF_Status: 13\nMessage: CUDA_ERROR_LAUNCH_FAILED: unspecified\nat gpu_event.cc:1');
    expect(asDeviceFailure(error)).toMatchObject({
      code: 'training-failed',
      retry: true,
      message: expect.stringContaining('failed: CUDA_ERROR_LAUNCH_FAILED: unspecified. Try again') as string,
    });
  });

  it('names memory where that is what was missing, whatever the words are', () => {
    const error = new Error('Invalid TF_Status: 8\nMessage: no room for [32,112,112,32]');
    expect(asDeviceFailure(error)?.message).toContain('failed: RESOURCE_EXHAUSTED: no room for [32,112,112,32]');
  });

  it.each([
    'Invalid TF_Status: 3\nMessage: Matrix size-incompatible: In[0]: [2,3], In[1]: [2,3]',
    'x is not a function',
  ])('is not what a bug of ours says: %s', (message) => {
    expect(asDeviceFailure(new Error(message))).toBeNull();
  });
});
