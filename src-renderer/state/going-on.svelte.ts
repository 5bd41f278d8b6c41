import type { ImageId } from '../../src-shared/domain/ids.ts';

/** What going on needs to know of the images that are shown. */
interface Queue {
  readonly focused: ImageId | null;
  placeOf(id: ImageId | null): number;
  idAt(place: number): ImageId | undefined;
}

/** Whether the next image is shown once something was done to the one that is shown large. */
export class GoingOn {
  isOn = $state(localStorage.getItem('graft.goOn') !== 'no');
  /** Shows another image; null while none is shown large. */
  show: ((id: ImageId) => void) | null = null;

  toggle(): void {
    this.isOn = !this.isOn;
    localStorage.setItem('graft.goOn', this.isOn ? 'yes' : 'no');
  }

  /** Does something to the image that is shown and goes on at once; 'always' where it leaves the queue. */
  async after(queue: Queue, work: () => Promise<void>, when: 'wanted' | 'always' = 'wanted'): Promise<void> {
    const place = queue.placeOf(queue.focused);
    const before = when === 'always' ? queue.idAt(place - 1) : undefined;
    const next = place === -1 ? undefined : (queue.idAt(place + 1) ?? before);
    const done = work();
    if (next !== undefined && (this.isOn || when === 'always')) this.show?.(next);
    await done;
  }
}
