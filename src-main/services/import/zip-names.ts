import * as yauzl from 'yauzl';

/** How an archive's central directory names an entry. */
export interface RawName {
  readonly generalPurposeBitFlag: number;
  readonly fileNameRaw: Buffer;
  readonly extraFields: yauzl.Entry['extraFields'];
}

const utf8Flag = 0x800;
const unicodePathField = 0x7075;

/**
 * The names of an archive's entries. Those that say how they are written are read so. The others are UTF-8 where that
 * fits (Linux and macOS leave the mark out), else GBK where all of them are Chinese text in it (Windows in China leaves
 * it out, too), else the format's own code page 437.
 */
export function decodeNames(entries: readonly RawName[]): readonly string[] {
  const isOpen = (entry: RawName): boolean =>
    (entry.generalPurposeBitFlag & utf8Flag) === 0 &&
    !entry.extraFields.some(({ id }) => id === unicodePathField) &&
    entry.fileNameRaw.some((byte) => byte > 127);
  const open = entries.filter((entry) => isOpen(entry) && decode('utf-8', entry.fileNameRaw) === null);
  const isChinese = open.length > 0 && open.every(({ fileNameRaw }) => isChineseText(decode('gb18030', fileNameRaw)));
  return entries.map((entry) => {
    const byItself = (): string =>
      yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
    if (!isOpen(entry)) return byItself();
    return (
      decode('utf-8', entry.fileNameRaw) ?? (isChinese ? decode('gb18030', entry.fileNameRaw) : null) ?? byItself()
    );
  });
}

/** Null when the bytes are not of this encoding. */
function decode(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** True when everything beyond ASCII is a Chinese character or Chinese punctuation. */
function isChineseText(text: string | null): boolean {
  return text !== null && /^(?:[\u0020-\u007e]|\p{Script=Han}|[\u3000-\u303f\uff00-\uffef·—…“”‘’])+$/u.test(text);
}

/** True for a name that could lead elsewhere than below the archive. Nothing is ever written under it; it is refused all the same. */
export function isDangerousName(name: string): boolean {
  return yauzl.validateFileName(name) !== null || name.includes('\0');
}
