import { AppError } from '../../src-shared/contract/app-error.ts';

/** Python or its pip is not on the PATH. */
export function noPip(): AppError {
  return new AppError(
    'runtime-missing',
    'Installing TensorFlow needs Python with pip to download it, and there is none on the PATH. Install Python 3 with pip (Debian: apt install python3-pip), then try again.',
    { retry: true, detail: { missing: 'pip' } },
  );
}

/** g++ is not on the PATH. */
export function noCompiler(): AppError {
  return new AppError(
    'runtime-missing',
    'Installing TensorFlow needs the C++ compiler g++ once, and there is none on the PATH. Install it (Debian: apt install g++), then try again; what was downloaded is kept.',
    { retry: true, detail: { missing: 'g++' } },
  );
}

/** The cache's disk is too full. */
export function noSpace(neededBytes: number, folder?: string): AppError {
  const place = folder === undefined ? 'the cache folder' : folder;
  return new AppError(
    'disk-full',
    `Installing TensorFlow needs ${gigabytes(neededBytes)} free in ${place}. Free some space or set GRAFT_CACHE_DIR to a folder on another disk, then try again.`,
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
    return new AppError(
      'runtime-missing',
      'The Python package index cannot be reached, so TensorFlow cannot be downloaded. Check the network or the proxy settings of pip, then try again.',
      { retry: true, detail: { missing: 'network', output: lastLines } },
    );
  }
  return new AppError(
    'runtime-missing',
    `pip could not download ${requirement}. Its last words are in the details; try "python3 -m pip download ${requirement}" to see more.`,
    { retry: true, detail: { missing: 'download', output: lastLines } },
  );
}

/** What arrived is not what was pinned. */
export function hashMismatch(fileName: string): AppError {
  return new AppError(
    'damaged-file',
    `The downloaded ${fileName} is not the file that Graft was tested with (its SHA-256 differs), so it was thrown away. Try again; if it happens twice, the package index or a proxy changes files.`,
    { retry: true, detail: { missing: 'integrity', fileName } },
  );
}

/** g++ failed. */
export function compilationFailed(output: string): AppError {
  return new AppError(
    'runtime-missing',
    "The C++ compiler could not build TensorFlow's binding. Its last words are in the details; g++ 9 or newer is needed.",
    { retry: false, detail: { missing: 'compilation', output: output.trim().split('\n').slice(-12).join('\n') } },
  );
}

/** The compiled binding does not load on this machine. */
export function bindingDoesNotLoad(signalName: string | null, output: string): AppError {
  const message =
    signalName === 'SIGILL'
      ? 'This processor lacks instructions that TensorFlow was built for (AVX on x86), so TensorFlow cannot run here. Train on another machine.'
      : 'TensorFlow was installed but does not load on this machine. Its last words are in the details.';
  return new AppError('runtime-missing', message, {
    retry: false,
    detail: { missing: 'load', output: output.trim().slice(-2000) },
  });
}

/** No TensorFlow for this kind of machine. */
export function noRuntimeForPlatform(reason: string): AppError {
  return new AppError(
    'unsupported',
    `${reason} Train on a Linux machine with a 64-bit processor, for example with graft serve over ssh.`,
    {
      detail: { missing: 'platform' },
    },
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
