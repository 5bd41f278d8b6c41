import { createInterface } from 'node:readline';

/** Graft's end of the protocol of `contender.ts`: warms up, then does as many steps as each line asks for and answers their seconds. */
export async function serveSteps(step: () => Promise<void>, warmUpSteps: number): Promise<void> {
  for (let index = 0; index < warmUpSteps; index += 1) await step();
  answer({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    const seconds: number[] = [];
    for (let index = 0; index < Number(line); index += 1) {
      const startMs = performance.now();
      await step();
      seconds.push((performance.now() - startMs) / 1000);
    }
    answer({
      seconds,
      memoryBytes: process.memoryUsage.rss(),
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    });
  }
}

function answer(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
