/** What a request asks for, decoded. */
export interface RequestPath {
  /** Never empty parts, never `.` or `..`, never a separator or a NUL inside. The root has none. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
}

/** Reads the target of a request line; undefined for what no page of ours asks for, whatever trick it is. */
export function readRequestPath(target: string): RequestPath | undefined {
  // Only the plain form: `GET http://elsewhere/` and `GET //elsewhere/` name another host.
  if (!target.startsWith('/') || target.startsWith('//')) return undefined;
  const [rawPath = '', rawQuery = ''] = splitOnce(target, '?');
  const segments: string[] = [];
  for (const raw of rawPath.split('/').slice(1)) {
    const segment = decode(raw);
    if (segment === undefined || !isPlain(segment)) return undefined;
    segments.push(segment);
  }
  const isRoot = segments.length === 1 && segments[0] === '';
  if (!isRoot && segments.includes('')) return undefined;
  return { segments: isRoot ? [] : segments, query: new URLSearchParams(rawQuery) };
}

function splitOnce(text: string, separator: string): readonly string[] {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

function decode(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
}

function isPlain(segment: string): boolean {
  return segment !== '.' && segment !== '..' && !/[/\\\0]/.test(segment);
}
