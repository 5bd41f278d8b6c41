import { arch, availableParallelism, cpus, hostname, platform, release, totalmem } from 'node:os';

/** What a run was trained on, for its record. */
export function describeMachine(): Readonly<Record<string, string>> {
  return {
    host: hostname(),
    system: `${platform()} ${release()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: String(availableParallelism()),
    memory: `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
  };
}
