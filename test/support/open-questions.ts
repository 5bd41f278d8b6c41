import type { PageClient } from '../../src-renderer/client/page-client.ts';

/** A question that was asked of a client and that the test answers. */
export interface OpenQuestion {
  readonly name: string;
  readonly input: unknown;
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** A client whose questions stay open until the test answers them. */
export function openQuestions(): { readonly client: PageClient; readonly questions: readonly OpenQuestion[] } {
  const questions: OpenQuestion[] = [];
  const client = {
    call: (name: string, input: unknown) => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      questions.push({ name, input, resolve, reject });
      return promise;
    },
    on: () => () => undefined,
  };
  // Only what is called is there.
  return { client: client as unknown as PageClient, questions };
}
