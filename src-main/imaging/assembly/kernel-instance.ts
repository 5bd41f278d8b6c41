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
  paint(
    luma: number,
    lumaStride: number,
    blue: number,
    red: number,
    chromaStride: number,
    chromaWidth: number,
    chromaHeight: number,
    width: number,
    height: number,
    scratch: number,
    target: number,
  ): void;
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
}

/** Memory of WebAssembly grows and never shrinks: an instance that holds more than this is let go after its use. */
const mostKeptBytes = 64 * 1024 * 1024;
/** For the pictures of one list of steps. Their memory never grows, which would pull it away from under them; what is not touched takes none. */
const borrowedBytes = 48 * 1024 * 1024;
const pageBytes = 65536;

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyHost };
let compiled: object | null = null;
let current: Kernels | null = null;
let lender: Kernels | null = null;
/** While pictures are borrowed: where free memory of the lender begins. */
let free: number | null = null;

/** Lends the kernels with so many bytes of memory free from `base` on; what lies there is undefined. */
export function withKernels<T>(bytes: number, use: (kernels: Kernels, base: number) => T): T {
  if (lender && free !== null && free + bytes <= lender.memory.buffer.byteLength) return use(lender, free);
  current ??= instantiate();
  const kernels = current;
  const base = align(kernels.heapBase());
  reserve(kernels, base + bytes);
  try {
    return use(kernels, base);
  } finally {
    if (kernels.memory.buffer.byteLength > mostKeptBytes) current = null;
  }
}

/**
 * While `use` runs, what kernels make stays in their memory, and the next kernel finds it there: copies, and fresh memory for each, cost more than
 * most kernels. Nothing of it may be used afterwards. `use` must not wait for anything, as others would borrow meanwhile.
 */
export function borrowPictures<T>(use: () => T): T {
  if (free !== null) return use();
  if (!lender) {
    lender = instantiate();
    reserve(lender, borrowedBytes);
  }
  free = align(lender.heapBase());
  try {
    return use();
  } finally {
    free = null;
  }
}

/** Where a picture's bytes lie in the memory of these kernels; null where they lie elsewhere. */
export function findBorrowed(kernels: Kernels, data: Uint8Array): number | null {
  return data.buffer === kernels.memory.buffer ? data.byteOffset : null;
}

/** What kernels made, for whoever asked for it: left where it lies while pictures are borrowed, and a copy otherwise. */
export function takeResult(kernels: Kernels, address: number, length: number): Uint8Array {
  const memory = new Uint8Array(kernels.memory.buffer);
  if (kernels !== lender || free === null) return memory.slice(address, address + length);
  free = Math.max(free, align(address + length + behindBytes));
  return memory.subarray(address, address + length);
}

/** Kernels read on behind a picture. */
const behindBytes = 64;

function instantiate(): Kernels {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(kernelBytes), (byte) => byte.charCodeAt(0)));
  return new WebAssembly.Instance(compiled, { env: { abort } }).exports as Kernels;
}

function reserve({ memory }: Kernels, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
}

function align(address: number): number {
  return (address + 15) & ~15;
}

function abort(): never {
  throw new Error('The kernels stopped');
}
