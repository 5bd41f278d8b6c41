import { ipcMain, type WebFrameMain } from 'electron';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { Envelope } from '../../src-shared/contract/envelope.ts';
import { appOrigin, isAppUrl } from './app-origin.ts';

/** Who sent a message: a frame, or null when it was navigated away or destroyed in the meantime. */
type Sender = Pick<WebFrameMain, 'parent' | 'origin' | 'url'> | null;

/** Whether it is the page itself: there, not inside another page, and exactly from our origin. */
export function isTrustedSender(frame: Sender): boolean {
  return frame !== null && frame.parent === null && frame.origin === appOrigin && isAppUrl(frame.url);
}

/** The only way to answer a message of a page: whoever it comes from is looked at first, and refused with an error. */
export function handle(channel: string, listener: (...values: readonly unknown[]) => Promise<Envelope>): void {
  ipcMain.handle(channel, async (event, ...values: readonly unknown[]): Promise<Envelope> => {
    if (isTrustedSender(event.senderFrame)) return await listener(...values);
    const error = new AppError('not-allowed', 'Only Graft’s own page may ask this.');
    return { ok: false, error: error.toShape() };
  });
}
