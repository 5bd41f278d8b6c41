import { AppError } from '../../src-shared/contract/app-error.ts';
import { say, type NamedSentence } from '../../src-shared/domain/sentence.ts';

/** Python or its pip is not on the PATH. */
export function noPip(): AppError {
  return new AppError('runtime-missing', say('runtimeNoPip'), { retry: true, detail: { missing: 'pip' } });
}

/** g++ is not on the PATH. */
export function noCompiler(): AppError {
  return new AppError('runtime-missing', say('runtimeNoCompiler'), { retry: true, detail: { missing: 'g++' } });
}

/** The cache's disk is too full. */
export function noSpace(neededBytes: number, folder?: string): AppError {
  return new AppError(
    'disk-full',
    say('runtimeNoSpace', { gigabytes: (neededBytes / 1e9).toFixed(1), folder: folder ?? say('runtimeCacheFolder') }),
    { retry: true, detail: { missing: 'space', neededBytes } },
  );
}

/** pip failed; tells an unreachable index from anything else. */
export function downloadFailed(requirement: string, output: string): AppError {
  const lastLines = output.trim().split('\n').slice(-4).join('\n');
  const isUnreachable =
    /NewConnectionError|name resolution|Name or service|ConnectTimeout|ReadTimeout|Connection (refused|reset)|SSLError|ProxyError|Max retries|Network is unreachable/i.test(
      output,
    );
  if (isUnreachable) {
    return new AppError('runtime-missing', say('runtimeNoNetwork'), {
      retry: true,
      detail: { missing: 'network', output: lastLines },
    });
  }
  return new AppError('runtime-missing', say('runtimeDownloadFailed', { requirement }), {
    retry: true,
    detail: { missing: 'download', output: lastLines },
  });
}

/** What arrived is not what was pinned. */
export function hashMismatch(fileName: string): AppError {
  return new AppError('damaged-file', say('runtimeWrongFile', { file: fileName }), {
    retry: true,
    detail: { missing: 'integrity', fileName },
  });
}

/** The host of a download cannot be reached, or the connection to it broke. */
export function hostUnreachable({ host }: URL, error: unknown): AppError {
  return new AppError('runtime-missing', say('runtimeHostUnreachable', { host }), {
    retry: true,
    detail: { missing: 'network', output: String(error instanceof Error ? (error.cause ?? error) : error) },
  });
}

/** The host answers, but not with the file. */
export function hostRefuses({ host, pathname }: URL, status: number): AppError {
  const sentence = say('runtimeHostRefuses', { host, file: pathname, status });
  return new AppError('runtime-missing', sentence, { retry: true, detail: { missing: 'download', status } });
}

/** A download is no whole archive. */
export function archiveDamaged(fileName: string): AppError {
  return new AppError('damaged-file', say('runtimeArchiveDamaged', { file: fileName }), {
    retry: true,
    detail: { missing: 'integrity', fileName },
  });
}

/** g++ failed. */
export function compilationFailed(output: string): AppError {
  return new AppError('runtime-missing', say('runtimeNotCompiled'), {
    retry: false,
    detail: { missing: 'compilation', output: output.trim().split('\n').slice(-12).join('\n') },
  });
}

/** The compiled binding does not load on this machine. */
export function bindingDoesNotLoad(signalName: string | null, output: string): AppError {
  const message = signalName === 'SIGILL' ? say('runtimeOldProcessor') : say('runtimeDoesNotLoad');
  return new AppError('runtime-missing', message, {
    retry: false,
    detail: { missing: 'load', output: output.trim().slice(-2000) },
  });
}

/** No TensorFlow for this kind of machine. */
export function noRuntimeForPlatform(why: NamedSentence): AppError {
  return new AppError('unsupported', say('runtimeNoPlatform', { why }), { detail: { missing: 'platform' } });
}
