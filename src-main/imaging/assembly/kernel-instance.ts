import { kernelBytes } from './kernel-bytes.ts';

/** Of WebAssembly what is used here; Node has it, but its types come with those of a page. */
interface WebAssemblyHost {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

interface KernelMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The compiled kernels with a memory of their own. Addresses and lengths are bytes. */
export interface Kernels {
  readonly memory: KernelMemory;
  /** Where free memory begins. */
  heapBase(): number;
  quantAddress(slot: number): number;
  componentAddress(index: number): number;
  buildHuffman(slot: number, source: number): number;
  unstuff(source: number, end: number, target: number, pieces: number, most: number): number;
  decodeScan(
    componentCount: number,
    mcusAcross: number,
    mcusDown: number,
    mcusInPiece: number,
    pieces: number,
    pieceCount: number,
  ): number;
  upsampleRow(source: number, beside: number, count: number, target: number, scratch: number, isMixed: number): void;
  convertRow(luma: number, blueness: number, redness: number, count: number, target: number): void;
  resampleRows(
    source: number,
    sourceStride: number,
    rows: number,
    target: number,
    width: number,
    starts: number,
    weights: number,
    groups: number,
  ): void;
  resampleColumns(
    source: number,
    count: number,
    inputRows: number,
    target: number,
    rows: number,
    starts: number,
    weights: number,
    groups: number,
  ): void;
  mirrorRows(source: number, width: number, rows: number, target: number): void;
  mapBytes(source: number, target: number, count: number, table: number): void;
  sumLuminance(source: number, pixels: number): number;
  makeGray(source: number, target: number, pixels: number): void;
  changeSaturation(source: number, target: number, pixels: number, factor: number): void;
  turnHue(
    source: number,
    target: number,
    pixels: number,
    shift: number,
    sectors: number,
    fractions: number,
    strengths: number,
  ): void;
  spreadRow(source: number, count: number, target: number): void;
}

/** Memory of WebAssembly grows and never shrinks: an instance that holds more than this is let go after its use. */
const mostKeptBytes = 64 * 1024 * 1024;
const pageBytes = 65536;

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyHost };
let compiled: object | null = null;
let current: Kernels | null = null;

/** Lends the kernels with so many bytes of memory free from `base` on; what lies there is undefined. */
export function withKernels<T>(bytes: number, use: (kernels: Kernels, base: number) => T): T {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(kernelBytes), (byte) => byte.charCodeAt(0)));
  current ??= new WebAssembly.Instance(compiled, { env: { abort } }).exports as Kernels;
  const kernels = current;
  const base = (kernels.heapBase() + 15) & ~15;
  const missing = base + bytes - kernels.memory.buffer.byteLength;
  if (missing > 0) kernels.memory.grow(Math.ceil(missing / pageBytes));
  try {
    return use(kernels, base);
  } finally {
    if (kernels.memory.buffer.byteLength > mostKeptBytes) current = null;
  }
}

function abort(): never {
  throw new Error('The kernels stopped');
}
