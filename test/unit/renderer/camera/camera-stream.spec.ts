import { describe, expect, it } from 'vitest';
import { CameraStream } from '../../../../src-renderer/features/camera/camera-stream.svelte.ts';

/** A browser with one camera, whose pictures end when they are stopped. */
function browser(
  enumerateDevices: () => Promise<readonly MediaDeviceInfo[]>,
  opened: Promise<unknown> = Promise.resolve(),
) {
  const stopped: string[] = [];
  const track = Object.assign(new EventTarget(), {
    getSettings: () => ({ deviceId: 'built-in' }),
    stop: () => void stopped.push('built-in'),
  });
  const stream = { getVideoTracks: () => [track], getTracks: () => [track] };
  const getUserMedia = async () => {
    await opened;
    return stream;
  };
  const media = Object.assign(new EventTarget(), { getUserMedia, enumerateDevices }) as unknown as MediaDevices;
  return { camera: new CameraStream(media), stopped };
}

describe('the camera of the page', () => {
  it('shows its picture also where the browser does not say which cameras there are, and can be turned off', async () => {
    const { camera, stopped } = browser(() => Promise.reject(new Error('no list')));
    await camera.start(null);
    expect([camera.phase.is, camera.devices]).toEqual(['live', []]);
    camera.stop();
    expect([camera.phase.is, stopped]).toEqual(['off', ['built-in']]);
  });

  it('is turned off at once when it comes after the page was left', async () => {
    const opened = Promise.withResolvers<null>();
    const { camera, stopped } = browser(() => Promise.resolve([]), opened.promise);
    const leave = camera.watch();
    const started = camera.start(null);
    leave();
    opened.resolve(null);
    await started;
    expect([camera.phase.is, stopped]).toEqual(['off', ['built-in']]);
  });
});
