import type { VerifyJob } from '../../jobs/trainer-protocol.ts';
import type { JobLink } from '../job-link.ts';
export async function verify(_job: VerifyJob, _link: JobLink): Promise<void> {
  throw new Error('later');
}
