/** Why there is no picture. */
export type CameraTrouble = 'insecure' | 'none' | 'refused' | 'busy' | 'lost';

/**
 * A camera.
 *
 *     off → starting → live → off
 *              │         │
 *              └─► failed ◄ (unplugged) ─► starting
 */
export type CameraPhase =
  | { readonly is: 'off' }
  | { readonly is: 'starting' }
  | { readonly is: 'live'; readonly stream: MediaStream; readonly deviceId: string }
  | { readonly is: 'failed'; readonly trouble: CameraTrouble };

/** A camera that can be chosen. */
export interface CameraDevice {
  readonly id: string;
  readonly label: string;
}

const wished = { width: { ideal: 1280 }, height: { ideal: 720 } } as const;

/** The camera of the page: which there are, and the stream of one of them. */
export class CameraStream {
  phase: CameraPhase = $state.raw({ is: 'off' });
  devices: readonly CameraDevice[] = $state.raw([]);
  readonly #media: MediaDevices | undefined;
  #attempt = 0;

  /** Browsers give pages no devices at all where they were not loaded safely. */
  constructor(media: MediaDevices | undefined = navigator.mediaDevices) {
    this.#media = media;
  }

  /** Keeps the list of cameras up to date until the returned function is called, which also turns the camera off. */
  watch(): () => void {
    const list = (): void => void this.#list();
    this.#media?.addEventListener('devicechange', list);
    return () => {
      this.#media?.removeEventListener('devicechange', list);
      this.stop();
    };
  }

  /** Turns a camera on; null is whichever the browser takes. */
  async start(deviceId: string | null): Promise<void> {
    this.stop();
    const media = this.#media;
    if (!media) {
      this.phase = { is: 'failed', trouble: 'insecure' };
      return;
    }
    this.#attempt += 1;
    const attempt = this.#attempt;
    this.phase = { is: 'starting' };
    try {
      const stream = await open(media, deviceId);
      if (attempt !== this.#attempt) {
        close(stream);
        return;
      }
      this.#show(stream);
      // Names of cameras are told only once one of them may be used.
      await this.#list();
    } catch (error) {
      if (attempt === this.#attempt) this.phase = { is: 'failed', trouble: troubleOf(error) };
    }
  }

  stop(): void {
    this.#attempt += 1;
    if (this.phase.is === 'live') close(this.phase.stream);
    this.phase = { is: 'off' };
  }

  #show(stream: MediaStream): void {
    const [track] = stream.getVideoTracks();
    track?.addEventListener('ended', () => {
      if (this.phase.is !== 'live' || this.phase.stream !== stream) return;
      this.stop();
      this.phase = { is: 'failed', trouble: 'lost' };
    });
    this.phase = { is: 'live', stream, deviceId: track?.getSettings().deviceId ?? '' };
  }

  /** Where the browser does not say, there is nothing to choose from; the camera that shows its picture goes on. */
  async #list(): Promise<void> {
    const found = (await this.#media?.enumerateDevices().catch(() => [])) ?? [];
    this.devices = found
      .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  }
}

/** The chosen camera, or another one where that one is gone. */
async function open(media: MediaDevices, deviceId: string | null): Promise<MediaStream> {
  const ask = (video: MediaTrackConstraints): Promise<MediaStream> => media.getUserMedia({ video, audio: false });
  if (deviceId === null) return await ask(wished);
  try {
    return await ask({ ...wished, deviceId: { exact: deviceId } });
  } catch (error) {
    if (nameOf(error) !== 'OverconstrainedError') throw error;
    return await ask(wished);
  }
}

function close(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** By the names that the standard gives: https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia */
export function troubleOf(error: unknown): CameraTrouble {
  switch (nameOf(error)) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'none';
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
