import * as v from 'valibot';
import { byteRoutes } from '../../../src-shared/contract/byte-routes.ts';
import { burstIdSchema, type BurstId } from '../../../src-shared/contract/capture.contract.ts';
import {
  uploadIdSchema,
  type ClassId,
  type ImageId,
  type JobId,
  type ProjectId,
} from '../../../src-shared/domain/ids.ts';
import { sendFile } from '../../actions/send-file.ts';
import type { PageClient } from '../../client/page-client.ts';

/** A picture that is in the dataset. */
export interface TakenPicture {
  readonly id: ImageId;
  readonly classId: ClassId | null;
  readonly burst: BurstId;
}

interface WaitingPicture {
  readonly picture: Blob;
  readonly classId: ClassId | null;
  readonly burst: BurstId;
}

interface BurstParts {
  readonly client: PageClient;
  readonly projectId: ProjectId;
  /** What the visit is called among the imports. */
  readonly name: string;
  /** The picture that the camera shows now; null while there is none. */
  readonly grab: () => Promise<Blob | null>;
  /** Sends one picture to core and answers what core knows it by; left out only by tests. */
  readonly send?: (picture: Blob) => Promise<unknown>;
  readonly onfailed: (error: unknown) => void;
}

/** So many pictures go to core with one command. */
const sentAtOnce = 8;
/** A burst pauses while more than these wait to be saved. */
const mostWaiting = 60;

/** Takes pictures as long as it is held, and sees them into the dataset in their order. */
export class Burst {
  isHeld = $state(false);
  /** Taken, not yet safe. */
  waitingCount = $state(0);
  /** Safe, newest first. */
  taken: readonly TakenPicture[] = $state.raw([]);
  readonly #parts: BurstParts;
  readonly #waiting: WaitingPicture[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;
  #session: JobId | null = null;
  #isGrabbing = false;
  #isSending = false;

  constructor(parts: BurstParts) {
    this.#parts = parts;
  }

  /** The pictures of the latest burst that are still among those taken. */
  get latest(): readonly TakenPicture[] {
    const burst = this.taken[0]?.burst;
    return this.taken.filter((one) => one.burst === burst);
  }

  /** Takes a picture at once and then so many a second, until it is let go. */
  hold(classId: ClassId | null, perSecond: number): void {
    if (this.isHeld) return;
    this.isHeld = true;
    const burst = v.parse(burstIdSchema, crypto.randomUUID());
    const take = (): void => void this.#take(classId, burst);
    take();
    this.#timer = setInterval(take, 1000 / perSecond);
  }

  letGo(): void {
    clearInterval(this.#timer);
    this.isHeld = false;
  }

  /** For pictures that went to the trash. */
  forget(ids: ReadonlySet<ImageId>): void {
    this.taken = this.taken.filter(({ id }) => !ids.has(id));
  }

  async #take(classId: ClassId | null, burst: BurstId): Promise<void> {
    // A camera is slower than a wish at times; a picture that would come late is not taken twice.
    if (this.#isGrabbing || this.#waiting.length >= mostWaiting) return;
    this.#isGrabbing = true;
    try {
      const picture = await this.#parts.grab();
      if (picture === null) return;
      this.#waiting.push({ picture, classId, burst });
      this.waitingCount += 1;
      void this.#sendAll();
    } finally {
      this.#isGrabbing = false;
    }
  }

  async #sendAll(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (let group = this.#nextGroup(); group.length > 0; group = this.#nextGroup()) {
        await this.#sendGroup(group);
        this.waitingCount -= group.length;
      }
    } catch (error) {
      this.letGo();
      this.#waiting.length = 0;
      this.waitingCount = 0;
      this.#parts.onfailed(error);
    } finally {
      this.#isSending = false;
    }
  }

  /** The next pictures of one burst. */
  #nextGroup(): readonly WaitingPicture[] {
    const burst = this.#waiting[0]?.burst;
    const other = this.#waiting.findIndex((one) => one.burst !== burst);
    return this.#waiting.splice(0, Math.min(sentAtOnce, other === -1 ? this.#waiting.length : other));
  }

  async #sendGroup(group: readonly WaitingPicture[]): Promise<void> {
    const [first] = group;
    if (!first) return;
    const { client, projectId, name, send = sendPicture } = this.#parts;
    const uploads = await Promise.all(
      group.map(async ({ picture }) => v.parse(v.object({ uploadId: uploadIdSchema }), await send(picture)).uploadId),
    );
    const { burst, classId } = first;
    const { job, added } = await client.call('capture.add', {
      ...{ projectId, name, session: this.#session, classId, burst, uploads },
    });
    this.#session = job.id;
    this.taken = [...added.map((id) => ({ id, classId, burst })).reverse(), ...this.taken];
  }
}

async function sendPicture(picture: Blob): Promise<unknown> {
  return await sendFile(byteRoutes.upload('camera.jpg'), new File([picture], 'camera.jpg', { type: picture.type }));
}
