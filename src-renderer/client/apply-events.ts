interface Sequenced {
  readonly seq: number;
}

/** How a stream of events is followed from a snapshot on. */
export interface StreamOptions<Snapshot extends Sequenced, Event extends Sequenced> {
  /** Starts listening; returns the function that stops. */
  readonly listen: (push: (event: Event) => void) => () => void;
  readonly load: () => Promise<Snapshot>;
  /** Shows a snapshot, at the start and after every reload. */
  readonly start: (snapshot: Snapshot) => void;
  /** Shows further events, in order, at most once per frame. */
  readonly apply: (events: readonly Event[]) => void;
  readonly fail: (error: unknown) => void;
}

export interface Stream {
  /** Asks for the snapshot again, after events were missed. */
  reload(): void;
  close(): void;
}

/** Follows a stream: listens first, then loads, then applies only what is newer, the same way live and re-attached. */
export function followStream<Snapshot extends Sequenced, Event extends Sequenced>(
  options: StreamOptions<Snapshot, Event>,
): Stream {
  let seq = Number.POSITIVE_INFINITY;
  let waiting: Event[] = [];
  let frame = 0;
  let isClosed = false;
  let load = 0;

  const stop = options.listen((event) => {
    waiting.push(event);
    if (frame === 0 && seq !== Number.POSITIVE_INFINITY) frame = requestAnimationFrame(flush);
  });

  function flush(): void {
    frame = 0;
    const fresh = waiting.filter((event) => event.seq > seq);
    waiting = [];
    if (fresh.length === 0) return;
    seq = Math.max(...fresh.map((event) => event.seq));
    options.apply(fresh);
  }

  function reload(): void {
    load += 1;
    const thisLoad = load;
    seq = Number.POSITIVE_INFINITY;
    options.load().then(
      (snapshot) => {
        if (isClosed || thisLoad !== load) return;
        seq = snapshot.seq;
        options.start(snapshot);
        flush();
      },
      (error: unknown) => {
        if (!isClosed && thisLoad === load) options.fail(error);
      },
    );
  }

  reload();
  return {
    reload,
    close() {
      isClosed = true;
      cancelAnimationFrame(frame);
      stop();
    },
  };
}
