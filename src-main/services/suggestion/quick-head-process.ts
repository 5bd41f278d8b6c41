import type { ImageId } from '../../../src-shared/domain/ids.ts';
import { textOf } from '../../../src-shared/domain/sentence.ts';
import type { ProcessStarter } from '../../core/ports.ts';
import type { FromQuickHead, ToQuickHead } from '../../jobs/quick-head-protocol.ts';
import type { FromTrainer } from '../../jobs/trainer-protocol.ts';
import { startTrainerSession, type TrainerSession } from '../run/trainer-session.ts';

type Lesson = Omit<Extract<ToQuickHead, { readonly type: 'head-learn' }>, 'type'>;

interface QuickHeadOptions {
  readonly starter: ProcessStarter;
  readonly setFolder: string;
  readonly rowLength: number;
  readonly onMessage: (message: FromQuickHead) => void;
  /** It went away without being told to; the words say how. */
  readonly onLost: (words: string) => void;
}

const stopPatienceMs = 3_000;

/** A trainer with a quick head, from its start until `close`. */
export class QuickHeadProcess {
  readonly setFolder: string;
  readonly #session: TrainerSession;
  readonly #onMessage: (message: FromQuickHead) => void;
  readonly #questions = new Map<number, (shares: readonly number[] | null) => void>();
  #imageIds: readonly ImageId[] = [];
  #nextQuestion = 1;
  #isClosed = false;

  constructor({ starter, setFolder, rowLength, onMessage, onLost }: QuickHeadOptions) {
    this.setFolder = setFolder;
    this.#onMessage = onMessage;
    this.#session = startTrainerSession({
      starter,
      job: { kind: 'quick-head', setFolder, rowLength, runtime: null },
      onMessage: (message) => this.#hear(message),
    });
    void this.#session.ended.then((outcome) => {
      this.#answerAll();
      if (this.#isClosed || outcome.kind === 'done') return;
      this.#isClosed = true;
      onLost(textOf(outcome.kind === 'failed' ? outcome.error.message : outcome.reason));
    });
  }

  get isAlive(): boolean {
    return !this.#isClosed;
  }

  learn(imageIds: readonly ImageId[], lesson: Lesson): void {
    if (!isSame(imageIds, this.#imageIds)) {
      this.#imageIds = imageIds;
      this.#session.send({ type: 'head-images', imageIds });
    }
    this.#session.send({ type: 'head-learn', ...lesson });
  }

  /** Probabilities of the image in this row for each class of the last lesson; null where the head knows nothing of it. */
  ask(row: number): Promise<readonly number[] | null> {
    if (this.#isClosed) return Promise.resolve(null);
    const question = this.#nextQuestion;
    this.#nextQuestion += 1;
    return new Promise((resolve) => {
      this.#questions.set(question, resolve);
      this.#session.send({ type: 'head-ask', question, row });
    });
  }

  /** Resolves when it is gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#session.cancel(stopPatienceMs);
    await this.#session.ended;
  }

  #hear(message: FromTrainer): void {
    switch (message.type) {
      case 'head-answer':
        this.#questions.get(message.question)?.(message.shares);
        this.#questions.delete(message.question);
        return;
      case 'head-learned':
      case 'head-queued':
      case 'head-validated':
      case 'head-idle':
        if (!this.#isClosed) this.#onMessage(message);
        return;
      default:
    }
  }

  #answerAll(): void {
    this.#questions.forEach((resolve) => resolve(null));
    this.#questions.clear();
  }
}

function isSame(a: readonly ImageId[], b: readonly ImageId[]): boolean {
  return a === b || (a.length === b.length && a.every((id, index) => id === b[index]));
}
