import type { Handlers } from '../../../../src-shared/contract/contract.ts';
import type { CaptureService } from './capture-service.ts';

/** Answers the commands of the camera page. */
export function createCaptureHandlers(captures: CaptureService): Pick<Handlers, 'capture.add'> {
  return { 'capture.add': (input) => captures.add(input) };
}
