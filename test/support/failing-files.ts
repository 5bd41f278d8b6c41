/** Which call of the file system fails, and how. */
export interface Fault {
  /** The number of the call, from 1. */
  readonly call: number;
  readonly code: string;
  /** All later calls fail too. */
  readonly isForEver: boolean;
}

/** What Graft's own code asks of the file system, counted, one call of it failing; SQLite and the decoders have their own ways. */
export const faults = {
  calls: 0,
  /** Null while nothing fails; calls are counted all the same. */
  fault: null as Fault | null,
  /** Of each write only half is done, as systems may. */
  hasShortWrites: false,
  /** Counts from 1 anew. */
  arm(fault: Fault | null): void {
    this.calls = 0;
    this.fault = fault;
  },
};

const ways: ReadonlySet<string> = new Set([
  ...['open', 'rename', 'rm', 'mkdir', 'readdir', 'readFile', 'writeFile', 'copyFile', 'stat', 'realpath', 'statfs'],
  ...['openSync', 'linkSync', 'renameSync', 'rmSync', 'mkdirSync', 'readdirSync', 'readFileSync', 'writeFileSync'],
  ...['copyFileSync', 'statSync', 'utimesSync'],
]);
const ofHandles: ReadonlySet<string> = new Set(['read', 'readFile', 'write', 'writeFile', 'stat', 'sync', 'close']);

/** The module with every call counted. For `vi.mock` of `node:fs` and `node:fs/promises`. */
export function failing<T extends object>(module: T): T {
  const wrapped = Object.entries(module).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'function' && ways.has(name) ? counted(name, value as Call, module) : value,
  ]);
  return { ...(Object.fromEntries(wrapped) as T), default: Object.fromEntries(wrapped) as unknown };
}

type Call = (...args: unknown[]) => unknown;

function counted(name: string, call: Call, self: object): Call {
  if (name.endsWith('Sync')) {
    return (...args) => {
      strike(args[0]);
      return call.apply(self, args);
    };
  }
  return async (...args) => {
    strike(args[0]);
    const result: unknown = await call.apply(self, args);
    return name === 'open' ? handle(result as object, String(args[0])) : result;
  };
}

function handle(real: object, path: string): object {
  return new Proxy(real, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = value as Call;
      if (typeof name !== 'string' || !ofHandles.has(name)) return call.bind(target);
      return async (...args: unknown[]) => {
        // A handle closes in any case, as the system's close does even where it reports an error.
        if (name === 'close') await call.apply(target, args);
        strike(path);
        if (name === 'close') return undefined;
        const [bytes] = args;
        const isHalved = name === 'write' && faults.hasShortWrites && bytes instanceof Uint8Array;
        return isHalved ? call.call(target, bytes.subarray(0, Math.ceil(bytes.length / 2))) : call.apply(target, args);
      };
    },
  });
}

/** Only a project's and a person's files: the test runner's own reading of modules must go on. */
function strike(path: unknown): void {
  if (typeof path !== 'string' || !path.includes('graft-test-')) return;
  faults.calls += 1;
  const { fault } = faults;
  if (fault === null || (fault.isForEver ? faults.calls < fault.call : faults.calls !== fault.call)) return;
  throw Object.assign(new Error(`${fault.code}: made up, '${path}'`), { code: fault.code, path });
}
