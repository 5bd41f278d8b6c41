import type { FromTrainer } from '../../src-main/jobs/trainer-protocol.ts';
import { createJobLink, type JobLink, type LinkEvent } from '../../src-main/trainer/job-link.ts';

/** A job's link that keeps what was said; `react` may answer a message with an event, as core would. */
export function recordingLink(react: (message: FromTrainer) => LinkEvent | undefined = () => undefined): {
  readonly link: JobLink;
  readonly said: readonly FromTrainer[];
  readonly deliver: (event: LinkEvent) => void;
} {
  const said: FromTrainer[] = [];
  const { link, deliver } = createJobLink((message) => {
    said.push(message);
    const event = react(message);
    if (event) deliver(event);
  });
  return { link, said, deliver };
}
