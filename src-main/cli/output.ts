import { isNamedSentence } from '../../src-shared/domain/sentence.ts';

/** Where a command says what it did: words for people, or one JSON object a line for programs. */
export interface Output {
  readonly isJson: boolean;
  /** One line of words for a person; not said in JSON. */
  say(line: string): void;
  /** One JSON object, before the last; not said to a person. */
  tell(type: string, fields: Readonly<Record<string, unknown>>): void;
  /** One line on the way for a person, beside the results. */
  note(line: string): void;
  /** How far the work is: one line that is written over where a person watches. */
  progress(line: string): void;
  /** What went wrong and what to do, in one line on stderr. */
  error(message: string): void;
  /** The last line in JSON; to a person, the words. */
  result(fields: Readonly<Record<string, unknown>>, words: readonly string[]): void;
}

export interface OutputStreams {
  readonly stdout: Pick<NodeJS.WriteStream, 'write'>;
  readonly stderr: Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };
}

const clearLine = '\r\u001b[K';

/** Results go to stdout, progress to stderr, so that a result can be piped while a person watches. */
export function createOutput({ stdout, stderr }: OutputStreams, isJson: boolean): Output {
  const isWatched = stderr.isTTY === true && !isJson;
  let hasOpenLine = false;

  function endLine(): void {
    if (hasOpenLine) stderr.write(clearLine);
    hasOpenLine = false;
  }

  function line(text: string): void {
    endLine();
    stdout.write(`${text}\n`);
  }

  return {
    isJson,
    say: (text) => {
      if (!isJson) line(text);
    },
    tell: (type, fields) => {
      if (isJson) line(toJson({ type, ...fields }));
    },
    note: (text) => {
      if (isJson) return;
      endLine();
      stderr.write(`${text}\n`);
    },
    error: (message) => {
      endLine();
      stderr.write(`${message.replaceAll(/\s*\n\s*/g, ' ')}\n`);
    },
    progress: (text) => {
      if (!isWatched) return;
      stderr.write(`${clearLine}${text}`);
      hasOpenLine = true;
    },
    result: (fields, words) => {
      if (isJson) line(toJson({ type: 'result', ...fields }));
      else words.forEach(line);
      endLine();
    },
  };
}

/** Programs read the sentences of core as people do, in English. */
function toJson(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(fields, (_name, value: unknown) => (isNamedSentence(value) ? value.text : value));
}
