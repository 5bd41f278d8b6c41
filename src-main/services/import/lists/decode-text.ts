import type { ListEncoding } from '../../../../src-shared/contract/import-list.contract.ts';

/** A text and how it was written. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: ListEncoding;
}

/**
 * Reads a text file in whatever of UTF-8, UTF-16, GBK (as GB 18030) and Windows-1252 it is written: by its byte order mark, by the
 * zero bytes of UTF-16, else the first of the three in which it has no errors. `encoding` overrides.
 */
export function decodeText(bytes: Uint8Array, encoding: ListEncoding | null = null): DecodedText {
  const chosen = encoding ?? detectEncoding(bytes);
  return { text: new TextDecoder(chosen).decode(bytes), encoding: chosen };
}

function detectEncoding(bytes: Uint8Array): ListEncoding {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  const head = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  for (const [index, byte] of head.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  // Names of files are mostly ASCII, so one byte of most pairs is zero.
  const many = head.length / 5;
  if ((zeros[1] ?? 0) > many) return 'utf-16le';
  if ((zeros[0] ?? 0) > many) return 'utf-16be';
  if (isValid('utf-8', bytes)) return 'utf-8';
  return isValid('gb18030', bytes) ? 'gb18030' : 'windows-1252';
}

function isValid(encoding: string, bytes: Uint8Array): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
