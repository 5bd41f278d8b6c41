import { pair } from "./lanes";

/**
 * Sequential Huffman-coded JPEGs of 8 bits, to the bit as libjpeg-turbo decodes them: the accurate integer inverse DCT, "fancy" upsampling
 * and the fixed-point conversion to RGB. Whoever calls has read the headers; everything odd is refused with 0 rather than guessed at.
 */

/** So many bits are looked up at once. */
const LOOKUP_BITS: i32 = 11;
const LOOKUP_SIZE: usize = 1 << LOOKUP_BITS;
/**
 * A table: for each prefix the one code that it begins with (`codes`); for each length 1 to 16 the end of its codes, left-aligned to 16 bits, and
 * where they begin among the symbols; symbols. Those for AC have for each prefix also the one or two whole coefficients in it (`pairs`), and how
 * far all coefficients that lie whole in it reach (`reaches`).
 */
const LIMITS: usize = LOOKUP_SIZE * 4;
const OFFSETS: usize = LIMITS + 17 * 4;
const SYMBOLS: usize = OFFSETS + 17 * 4;
const PAIRS: usize = SYMBOLS + 256 + 120;
const REACHES: usize = PAIRS + LOOKUP_SIZE * 8;
const TABLE_SIZE: usize = REACHES + LOOKUP_SIZE * 4;
/** An entry of `codes` is the bits of code and value together, of the code alone from bit 8 on, of the value from 16 on, and from 24 on the zeros before it. This one is none: the code is longer. */
const LONG: u32 = 0;
/** The end of a block counts as so many zeros, which no other sum of zeros reaches. */
const END_RUN: i32 = 100;
const ORDER_SIZE: i32 = 64 + 120;

/** Natural place of each coefficient, times two; of the places from 64 on, which end blocks or are damage, one behind the block. */
const naturalOrder = memory.data(ORDER_SIZE);
const zigzag = memory.data<u8>([
  0, 2, 16, 32, 18, 4, 6, 20, 34, 48, 64, 50, 36, 22, 8, 10, 24, 38, 52, 66, 80, 96, 82, 68, 54, 40, 26, 12, 14, 28, 42, 56, 70, 84, 98, 112, 114, 100, 86, 72, 58, 44, 30, 46, 60, 74, 88, 102, 116, 118, 104, 90, 76, 62, 78, 92, 106, 120, 122, 108, 94, 110, 124, 126,
]);
for (let place = 0; place < ORDER_SIZE; place++) store<u8>(naturalOrder + place, place < 64 ? load<u8>(zigzag + place) : 128);

const huffmanTables = memory.data(8 * <i32>TABLE_SIZE, 16);
/** Behind the last one is room for the places from 64 on. */
const quantTables = memory.data(4 * 128 + 2 * ORDER_SIZE, 16);
const block = memory.data(160, 16);
const samples = memory.data(64, 16);

/** Where the caller writes a quantisation table: 64 numbers of 16 bits in zigzag order. */
export function quantAddress(slot: i32): usize {
  return quantTables + slot * 128;
}

/** Of each component 12 numbers: see `component` below. */
const components = memory.data(3 * 48, 16);
export function componentAddress(index: i32): usize {
  return components + index * 48;
}

/** Reads 16 counts and their symbols. Slots 0–3 are for DC, 4–7 for AC. Answers 0 where they are no prefix code, or stand for numbers that no 8-bit picture has. */
export function buildHuffman(slot: i32, source: usize): i32 {
  const table = huffmanTables + <usize>slot * TABLE_SIZE;
  const isAc = slot > 3;
  let code: i32 = 0;
  let symbol: i32 = 0;
  memory.fill(table, 0, TABLE_SIZE);
  for (let length = 1; length <= 16; length++) {
    const count = <i32>load<u8>(source + length - 1);
    store<i32>(table + OFFSETS + (length << 2), symbol - code);
    if (code + count > 1 << length) return 0;
    for (let index = 0; index < count; index++, code++, symbol++) {
      const value = load<u8>(source + 16 + symbol);
      store<u8>(table + SYMBOLS + symbol, value);
      if (isAc ? !isUsualAc(value) : value > 11) return 0;
      if (length > LOOKUP_BITS) continue;
      const entry = entryOf(value, length, isAc);
      const free = LOOKUP_BITS - length;
      for (let rest = 0; rest < 1 << free; rest++) store<u32>(table + (((code << free) + rest) << 2), entry);
    }
    store<i32>(table + LIMITS + (length << 2), code << (16 - length));
    code <<= 1;
  }
  if (isAc) {
    for (let prefix: u32 = 0; prefix < <u32>LOOKUP_SIZE; prefix++) {
      store<u64>(table + PAIRS + (<usize>prefix << 3), pairOf(table, prefix));
      store<u32>(table + REACHES + (<usize>prefix << 2), reachOf(table, prefix));
    }
  }
  return 1;
}

/** The code of a prefix with its value where both lie whole in the `left` bits that are not used up yet. */
// @ts-ignore: decorator
@inline
function wholeCode(table: usize, prefix: u32, left: u32): u32 {
  const entry = load<u32>(table + (<usize>prefix << 2));
  return (entry & 255) <= left ? entry : LONG;
}

/**
 * Up to two coefficients of a prefix: bits used, from bit 8 on how many places on the first one lies, from 16 on how many the second one from
 * there, from 32 on their values. Where there is one only, it stands twice. 0 where not even one lies whole in the prefix.
 */
function pairOf(table: usize, prefix: u32): u64 {
  const first = wholeCode(table, prefix, LOOKUP_BITS);
  if (first == LONG) return 0;
  const value1 = <u64>(valueAfter(<u64>prefix << (64 - LOOKUP_BITS), first) & 0xffff);
  const used = first & 255;
  const run1 = first >> 24;
  const second = run1 == END_RUN ? LONG : wholeCode(table, (prefix << used) & (<u32>LOOKUP_SIZE - 1), LOOKUP_BITS - used);
  if (second == LONG) return used | (run1 << 8) | (value1 << 32) | (value1 << 48);
  const value2 = <u64>(valueAfter(<u64>((prefix << used) & (<u32>LOOKUP_SIZE - 1)) << (64 - LOOKUP_BITS), second) & 0xffff);
  return (used + (second & 255)) | (run1 << 8) | (((second >> 24) + 1) << 16) | (value1 << 32) | (value2 << 48);
}

/**
 * How far the coefficients of a prefix reach: bits used, from bit 8 on the places that they take, from 16 on those before the last one. The first
 * one's value may lie beyond the prefix. LONG where its code does.
 */
function reachOf(table: usize, prefix: u32): u32 {
  const first = load<u32>(table + (<usize>prefix << 2));
  if (first == LONG) return LONG;
  let used = first & 255;
  let places = (first >> 24) + 1;
  let before: u32 = 0;
  while (used < <u32>LOOKUP_BITS && places < <u32>END_RUN) {
    const next = wholeCode(table, (prefix << used) & (<u32>LOOKUP_SIZE - 1), LOOKUP_BITS - used);
    if (next == LONG) break;
    before = places;
    used += next & 255;
    places += (next >> 24) + 1;
  }
  return used | (places << 8) | (before << 16);
}

/** A value of up to 10 bits, the end of the block, or sixteen zeros. */
function isUsualAc(symbol: u8): bool {
  const size = symbol & 15;
  return size == 0 ? symbol == 0 || symbol == 0xf0 : size <= 10;
}

function entryOf(symbol: u32, length: u32, isAc: bool): u32 {
  const size = isAc ? symbol & 15 : symbol;
  const run = !isAc ? 0 : symbol == 0 ? <u32>END_RUN : symbol >> 4;
  return (length + size) | (length << 8) | (size << 16) | (run << 24);
}

/** The entry of a code that is longer than the lookup, by the 16 bits that it begins; LONG for one that does not exist. */
function findLong(table: usize, bits: i32, isAc: bool): u32 {
  for (let length = LOOKUP_BITS + 1; length <= 16; length++) {
    if (bits < load<i32>(table + LIMITS + (length << 2))) {
      const index = load<i32>(table + OFFSETS + (length << 2)) + (bits >> (16 - length));
      return entryOf(load<u8>(table + SYMBOLS + index), length, isAc);
    }
  }
  return LONG;
}

/**
 * Copies the entropy-coded data without its stuffed zeros, cut at restart markers; of each piece start and end stand in `pieces`. Answers
 * how many there are, or 0 where another marker than EOI ends the data, restarts are out of order, or there are more than `most`.
 */
export function unstuff(source: usize, end: usize, target: usize, pieces: usize, most: i32): i32 {
  let count = 0;
  let start = target;
  const marks = i8x16.splat(-1);
  while (source + 16 <= end) {
    const bytes = v128.load(source);
    v128.store(target, bytes);
    const mask = i8x16.bitmask(i8x16.eq(bytes, marks));
    if (mask == 0) {
      source += 16;
      target += 16;
      continue;
    }
    const place = ctz(mask);
    source += place + 2;
    target += place;
    const code = load<u8>(source - 1);
    if (code == 0) {
      target += 1;
      continue;
    }
    if (count == most) return 0;
    store<usize>(pieces + (count << 3), start);
    store<usize>(pieces + (count << 3) + 4, target);
    // The decoder looks ahead; what it finds there must not be of the next piece.
    v128.store(target, i64x2.splat(0));
    target += 16;
    start = target;
    if (code == 0xd9) return count + 1;
    if (code != 0xd0 + (count & 7)) return 0;
    count += 1;
  }
  return 0;
}

let bitBuffer: u64 = 0;
let bitCount: i32 = 0;
let nextByte: usize = 0;

// @ts-ignore: decorator
@inline
function bigEndian(address: usize): u64 {
  const bytes = v128.load64_zero(address);
  return <u64>i64x2.extract_lane(i8x16.shuffle(bytes, bytes, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0);
}

/** The number behind a code: of `size` bits, where the upper half stands for itself and the lower half is negative. */
// @ts-ignore: decorator
@inline
function valueAfter(buffer: u64, entry: u32): i32 {
  const size = (entry >> 16) & 255;
  const bits = buffer << ((entry >> 8) & 255);
  const isLow = ~(<i64>bits >> 63);
  return <i32>((bits >> 1) >> (63 - size)) + <i32>(isLow & (1 - (<i64>1 << size)));
}

/** The predictor of a component with the difference that the stream has next. Answers 1 << 20 for a code that does not exist, or a sum that no picture has. */
// @ts-ignore: decorator
@inline
function readLevel(dc: usize, predictor: usize): i32 {
  refill();
  let entry = load<u32>(dc + (<usize>(bitBuffer >> (64 - LOOKUP_BITS)) << 2));
  if (entry == LONG) {
    entry = findLong(dc, <i32>(bitBuffer >> 48), false);
    if (entry == LONG) return NO_LEVEL;
  }
  const level = load<i32>(predictor) + valueAfter(bitBuffer, entry);
  bitBuffer <<= entry & 255;
  bitCount -= entry & 255;
  if (level > 32767 || level < -32768) return NO_LEVEL;
  store<i32>(predictor, level);
  return level;
}

const NO_LEVEL: i32 = 1 << 20;

/** Fills the buffer up to 56 bits at least. */
// @ts-ignore: decorator
@inline
function refill(): void {
  bitBuffer |= bigEndian(nextByte) >> bitCount;
  nextByte += (63 - bitCount) >> 3;
  bitCount |= 56;
}

/** One coefficient's entry by its code alone, whatever its length; LONG for a code that does not exist. */
// @ts-ignore: decorator
@inline
function codeAt(ac: usize, buffer: u64): u32 {
  const entry = load<u32>(ac + (<usize>(buffer >> (64 - LOOKUP_BITS)) << 2));
  return entry == LONG ? findLong(ac, <i32>(buffer >> 48), true) : entry;
}

/** Decodes one block into `block`, multiplied by its quantisation. Answers how many coefficients were looked at, or 0 for a code that does not exist. */
function readBlock(dc: usize, ac: usize, quant: usize, predictor: usize): i32 {
  for (let offset: usize = 0; offset < 128; offset += 16) v128.store(block + offset, i64x2.splat(0));
  const level = readLevel(dc, predictor);
  if (level == NO_LEVEL) return 0;
  let number = level * load<u16>(quant);
  // Collects what lies outside of −2048 … 2047: no picture has that, and libjpeg's own variants make different things of it.
  let wild = number + 2048;
  store<i16>(block, number);
  let buffer = bitBuffer;
  let count = bitCount;
  let next = nextByte;
  let place: i32 = 1;
  while (place < 64) {
    buffer |= bigEndian(next) >> count;
    next += (63 - count) >> 3;
    count |= 56;
    // Five prefixes take no more than the 56 bits that are there now.
    let prefixes = 5;
    do {
      const entry = load<u64>(ac + PAIRS + (<usize>(buffer >> (64 - LOOKUP_BITS)) << 3));
      const first = place + <i32>((entry >> 8) & 255);
      const step = <i32>((entry >> 16) & 255);
      // Of two the second may belong to the next block.
      if (entry == 0 || (first > 62 && step != 0)) {
        if (prefixes < 5) break;
        const code = codeAt(ac, buffer);
        if (code == LONG) return 0;
        place += code >> 24;
        number = valueAfter(buffer, code) * load<u16>(quant + (place << 1));
        wild |= number + 2048;
        store<i16>(block + load<u8>(naturalOrder + place), number);
        buffer <<= code & 255;
        count -= code & 255;
        place += 1;
        break;
      }
      buffer <<= entry & 255;
      count -= <i32>(entry & 255);
      number = <i32>(<i16>(entry >> 32)) * load<u16>(quant + (first << 1));
      wild |= number + 2048;
      store<i16>(block + load<u8>(naturalOrder + first), number);
      const second = first + step;
      number = <i32>(<i16>(entry >> 48)) * load<u16>(quant + (second << 1));
      wild |= number + 2048;
      store<i16>(block + load<u8>(naturalOrder + second), number);
      place = second + 1;
      prefixes -= 1;
    } while (prefixes > 0 && place < 64);
  }
  bitBuffer = buffer;
  bitCount = count;
  nextByte = next;
  if (wild & ~4095) return 0;
  if (place == 64) return 64;
  return place > END_RUN ? place - END_RUN - 1 : 0;
}

/**
 * Passes over a block but for its first coefficients: those at the zigzag places below `wanted` are written into `block`. Answers 0 for a code
 * that does not exist, and for more coefficients than a block has.
 */
function readLowest(dc: usize, ac: usize, quant: usize, predictor: usize, wanted: i32): i32 {
  const level = readLevel(dc, predictor);
  if (level == NO_LEVEL) return 0;
  for (let offset: usize = 0; offset < 32; offset += 16) v128.store(block + offset, i64x2.splat(0));
  let number = level * load<u16>(quant);
  let wild = number + 2048;
  store<i16>(block, number);
  let buffer = bitBuffer;
  let count = bitCount;
  let next = nextByte;
  let place: i32 = 1;
  while (place < wanted) {
    buffer |= bigEndian(next) >> count;
    next += (63 - count) >> 3;
    count |= 56;
    const code = codeAt(ac, buffer);
    if (code == LONG) return 0;
    place += code >> 24;
    if (place < wanted) {
      number = valueAfter(buffer, code) * load<u16>(quant + (place << 1));
      wild |= number + 2048;
      store<i16>(block + load<u8>(naturalOrder + place), number);
    }
    buffer <<= code & 255;
    count -= code & 255;
    place += 1;
  }
  while (place < 64) {
    buffer |= bigEndian(next) >> count;
    next += (63 - count) >> 3;
    count |= 56;
    // Two codes with their values take no more than 56 bits.
    let entry = load<u32>(ac + REACHES + (<usize>(buffer >> (64 - LOOKUP_BITS)) << 2));
    if (entry != LONG && place + <i32>(entry >> 16) < 64) {
      buffer <<= entry & 255;
      count -= entry & 255;
      place += (entry >> 8) & 255;
      if (place >= 64) break;
      entry = load<u32>(ac + REACHES + (<usize>(buffer >> (64 - LOOKUP_BITS)) << 2));
      if (entry == LONG || place + <i32>(entry >> 16) >= 64) continue;
      buffer <<= entry & 255;
      count -= entry & 255;
      place += (entry >> 8) & 255;
      continue;
    }
    const code = codeAt(ac, buffer);
    if (code == LONG) return 0;
    buffer <<= code & 255;
    count -= code & 255;
    place += (code >> 24) + 1;
  }
  bitBuffer = buffer;
  bitCount = count;
  nextByte = next;
  return (wild & ~4095) == 0 && (place == 64 || place > END_RUN) ? 1 : 0;
}

let o0: v128 = i64x2.splat(0);
let o1: v128 = i64x2.splat(0);
let o2: v128 = i64x2.splat(0);
let o3: v128 = i64x2.splat(0);
let o4: v128 = i64x2.splat(0);
let o5: v128 = i64x2.splat(0);
let o6: v128 = i64x2.splat(0);
let o7: v128 = i64x2.splat(0);

/** One pass of the accurate integer inverse DCT over eight columns side by side; rows in, rows out. */
// @ts-ignore: decorator
@inline
function pass(i0: v128, i1: v128, i2: v128, i3: v128, i4: v128, i5: v128, i6: v128, i7: v128, shift: i32): void {
  const round = i32x4.splat(1 << (shift - 1));
  // Even part; constants are libjpeg's, 13 bits behind the point, joined where two products are summed.
  const l26 = i16x8.shuffle(i2, i6, 0, 8, 1, 9, 2, 10, 3, 11);
  const h26 = i16x8.shuffle(i2, i6, 4, 12, 5, 13, 6, 14, 7, 15);
  const cA = pair(10703, 4433);
  const cB = pair(4433, -10704);
  const t3l = i32x4.dot_i16x8_s(l26, cA);
  const t3h = i32x4.dot_i16x8_s(h26, cA);
  const t2l = i32x4.dot_i16x8_s(l26, cB);
  const t2h = i32x4.dot_i16x8_s(h26, cB);
  const l04 = i16x8.shuffle(i0, i4, 0, 8, 1, 9, 2, 10, 3, 11);
  const h04 = i16x8.shuffle(i0, i4, 4, 12, 5, 13, 6, 14, 7, 15);
  const cP = pair(8192, 8192);
  const cM = pair(8192, -8192);
  const t0l = i32x4.add(i32x4.dot_i16x8_s(l04, cP), round);
  const t0h = i32x4.add(i32x4.dot_i16x8_s(h04, cP), round);
  const t1l = i32x4.add(i32x4.dot_i16x8_s(l04, cM), round);
  const t1h = i32x4.add(i32x4.dot_i16x8_s(h04, cM), round);
  const e0l = i32x4.add(t0l, t3l);
  const e0h = i32x4.add(t0h, t3h);
  const e3l = i32x4.sub(t0l, t3l);
  const e3h = i32x4.sub(t0h, t3h);
  const e1l = i32x4.add(t1l, t2l);
  const e1h = i32x4.add(t1h, t2h);
  const e2l = i32x4.sub(t1l, t2l);
  const e2h = i32x4.sub(t1h, t2h);
  // Odd part.
  const z3 = i16x8.add(i7, i3);
  const z4 = i16x8.add(i5, i1);
  const lz = i16x8.shuffle(z3, z4, 0, 8, 1, 9, 2, 10, 3, 11);
  const hz = i16x8.shuffle(z3, z4, 4, 12, 5, 13, 6, 14, 7, 15);
  const cC = pair(-6436, 9633);
  const cD = pair(9633, 6437);
  const z3l = i32x4.dot_i16x8_s(lz, cC);
  const z3h = i32x4.dot_i16x8_s(hz, cC);
  const z4l = i32x4.dot_i16x8_s(lz, cD);
  const z4h = i32x4.dot_i16x8_s(hz, cD);
  const l71 = i16x8.shuffle(i7, i1, 0, 8, 1, 9, 2, 10, 3, 11);
  const h71 = i16x8.shuffle(i7, i1, 4, 12, 5, 13, 6, 14, 7, 15);
  const l53 = i16x8.shuffle(i5, i3, 0, 8, 1, 9, 2, 10, 3, 11);
  const h53 = i16x8.shuffle(i5, i3, 4, 12, 5, 13, 6, 14, 7, 15);
  const cE = pair(-4927, -7373);
  const cF = pair(-7373, 4926);
  const cG = pair(-4176, -20995);
  const cH = pair(-20995, 4177);
  const p0l = i32x4.add(i32x4.dot_i16x8_s(l71, cE), z3l);
  const p0h = i32x4.add(i32x4.dot_i16x8_s(h71, cE), z3h);
  const p3l = i32x4.add(i32x4.dot_i16x8_s(l71, cF), z4l);
  const p3h = i32x4.add(i32x4.dot_i16x8_s(h71, cF), z4h);
  const p1l = i32x4.add(i32x4.dot_i16x8_s(l53, cG), z4l);
  const p1h = i32x4.add(i32x4.dot_i16x8_s(h53, cG), z4h);
  const p2l = i32x4.add(i32x4.dot_i16x8_s(l53, cH), z3l);
  const p2h = i32x4.add(i32x4.dot_i16x8_s(h53, cH), z3h);
  o0 = join(i32x4.add(e0l, p3l), i32x4.add(e0h, p3h), shift);
  o7 = join(i32x4.sub(e0l, p3l), i32x4.sub(e0h, p3h), shift);
  o1 = join(i32x4.add(e1l, p2l), i32x4.add(e1h, p2h), shift);
  o6 = join(i32x4.sub(e1l, p2l), i32x4.sub(e1h, p2h), shift);
  o2 = join(i32x4.add(e2l, p1l), i32x4.add(e2h, p1h), shift);
  o5 = join(i32x4.sub(e2l, p1l), i32x4.sub(e2h, p1h), shift);
  o3 = join(i32x4.add(e3l, p0l), i32x4.add(e3h, p0h), shift);
  o4 = join(i32x4.sub(e3l, p0l), i32x4.sub(e3h, p0h), shift);
}

// @ts-ignore: decorator
@inline
function join(low: v128, high: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(i32x4.shr_s(low, shift), i32x4.shr_s(high, shift));
}

/** Exchanges rows and columns of o0 … o7. */
// @ts-ignore: decorator
@inline
function transpose(): void {
  const a0 = i16x8.shuffle(o0, o1, 0, 8, 1, 9, 2, 10, 3, 11);
  const a1 = i16x8.shuffle(o0, o1, 4, 12, 5, 13, 6, 14, 7, 15);
  const a2 = i16x8.shuffle(o2, o3, 0, 8, 1, 9, 2, 10, 3, 11);
  const a3 = i16x8.shuffle(o2, o3, 4, 12, 5, 13, 6, 14, 7, 15);
  const a4 = i16x8.shuffle(o4, o5, 0, 8, 1, 9, 2, 10, 3, 11);
  const a5 = i16x8.shuffle(o4, o5, 4, 12, 5, 13, 6, 14, 7, 15);
  const a6 = i16x8.shuffle(o6, o7, 0, 8, 1, 9, 2, 10, 3, 11);
  const a7 = i16x8.shuffle(o6, o7, 4, 12, 5, 13, 6, 14, 7, 15);
  const b0 = i32x4.shuffle(a0, a2, 0, 4, 1, 5);
  const b1 = i32x4.shuffle(a0, a2, 2, 6, 3, 7);
  const b2 = i32x4.shuffle(a1, a3, 0, 4, 1, 5);
  const b3 = i32x4.shuffle(a1, a3, 2, 6, 3, 7);
  const b4 = i32x4.shuffle(a4, a6, 0, 4, 1, 5);
  const b5 = i32x4.shuffle(a4, a6, 2, 6, 3, 7);
  const b6 = i32x4.shuffle(a5, a7, 0, 4, 1, 5);
  const b7 = i32x4.shuffle(a5, a7, 2, 6, 3, 7);
  o0 = i64x2.shuffle(b0, b4, 0, 2);
  o1 = i64x2.shuffle(b0, b4, 1, 3);
  o2 = i64x2.shuffle(b1, b5, 0, 2);
  o3 = i64x2.shuffle(b1, b5, 1, 3);
  o4 = i64x2.shuffle(b2, b6, 0, 2);
  o5 = i64x2.shuffle(b2, b6, 1, 3);
  o6 = i64x2.shuffle(b3, b7, 0, 2);
  o7 = i64x2.shuffle(b3, b7, 1, 3);
}

/** Writes the 8 × 8 samples of `block`. */
function writeSamples(target: usize, stride: usize, last: i32): void {
  const middle = i8x16.splat(-128);
  if (last == 1) {
    const level = min(max(((<i32>load<i16>(block) << 2) + 16) >> 5, -128), 127) + 128;
    const row: u64 = <u64>level * 0x0101010101010101;
    for (let y = 0; y < 8; y++, target += stride) store<u64>(target, row);
    return;
  }
  pass(
    v128.load(block), v128.load(block, 16), v128.load(block, 32), v128.load(block, 48),
    v128.load(block, 64), v128.load(block, 80), v128.load(block, 96), v128.load(block, 112), 11,
  );
  transpose();
  pass(o0, o1, o2, o3, o4, o5, o6, o7, 18);
  transpose();
  const s0 = i8x16.sub(i8x16.narrow_i16x8_s(o0, o1), middle);
  const s1 = i8x16.sub(i8x16.narrow_i16x8_s(o2, o3), middle);
  const s2 = i8x16.sub(i8x16.narrow_i16x8_s(o4, o5), middle);
  const s3 = i8x16.sub(i8x16.narrow_i16x8_s(o6, o7), middle);
  v128.store64_lane(target, s0, 0);
  v128.store64_lane(target + stride, s0, 1);
  target += stride << 1;
  v128.store64_lane(target, s1, 0);
  v128.store64_lane(target + stride, s1, 1);
  target += stride << 1;
  v128.store64_lane(target, s2, 0);
  v128.store64_lane(target + stride, s2, 1);
  target += stride << 1;
  v128.store64_lane(target, s3, 0);
  v128.store64_lane(target + stride, s3, 1);
}

/** A component's numbers: blocks across and down in an MCU, slots of its tables, its plane, the plane's stride, log2 of the samples averaged across and down, DC so far. */
// @ts-ignore: decorator
@inline
function component(index: i32, field: i32): i32 {
  return load<i32>(components + index * 48 + (field << 2));
}

/** Decodes the pieces into the planes of the components. Answers 0 where they are damaged: too short, too long or with codes that do not exist. */
export function decodeScan(componentCount: i32, mcusAcross: i32, mcusDown: i32, mcusInPiece: i32, pieces: usize, pieceCount: i32): i32 {
  let left = 0;
  let piece = 0;
  let pieceEnd: usize = 0;
  for (let row = 0; row < mcusDown; row++) {
    for (let column = 0; column < mcusAcross; column++) {
      if (left == 0) {
        if (piece > 0 && !isUsedUp(pieceEnd)) return 0;
        if (piece == pieceCount) return 0;
        nextByte = load<usize>(pieces + (piece << 3));
        pieceEnd = load<usize>(pieces + (piece << 3) + 4);
        piece += 1;
        bitBuffer = 0;
        bitCount = 0;
        left = mcusInPiece;
        for (let index = 0; index < componentCount; index++) store<i32>(components + index * 48 + 36, 0);
      }
      left -= 1;
      for (let index = 0; index < componentCount; index++) {
        const across = component(index, 0);
        const down = component(index, 1);
        const dc = huffmanTables + <usize>component(index, 2) * TABLE_SIZE;
        const ac = huffmanTables + <usize>component(index, 3) * TABLE_SIZE;
        const quant = quantTables + component(index, 4) * 128;
        const stride = component(index, 6);
        const shrinkX = component(index, 7);
        const shrinkY = component(index, 8);
        const width = 8 >> shrinkX;
        const height = 8 >> shrinkY;
        const isLow = shrinkX == shrinkY && shrinkX > 1;
        for (let y = 0; y < down; y++) {
          let target: usize = component(index, 5) + (row * down + y) * height * stride + column * across * width;
          for (let x = 0; x < across; x++, target += width) {
            const predictor = components + index * 48 + 36;
            if (isLow) {
              if (readLowest(dc, ac, quant, predictor, shrinkX == 3 ? 1 : 5) == 0) return 0;
              if (shrinkX == 3) store<u8>(target, lowByte(<i32>load<i16>(block)));
              else writeQuarters(target, stride);
              continue;
            }
            const last = readBlock(dc, ac, quant, predictor);
            if (last == 0) return 0;
            if ((shrinkX | shrinkY) == 0) writeSamples(target, stride, last);
            else writeMeans(target, stride, last, shrinkX, shrinkY);
          }
        }
      }
      if (nextByte > pieceEnd + 16) return 0;
    }
  }
  return piece == pieceCount && isUsedUp(pieceEnd) ? 1 : 0;
}

/** True when less than a byte is left and not more was read than there is. */
function isUsedUp(end: usize): bool {
  const left = (<i32>(end - nextByte) << 3) + bitCount;
  return left >= 0 && left < 8;
}

/** Writes the means of boxes of samples, rounded. */
function writeMeans(target: usize, stride: usize, looked: i32, shrinkX: i32, shrinkY: i32): void {
  writeSamples(samples, 8, looked);
  if (shrinkX == 1 && shrinkY == 1) writePairs(target, stride);
  else writeBoxes(target, stride, shrinkX, shrinkY);
}

/** A sum of coefficients as the sample that it stands for. */
// @ts-ignore: decorator
@inline
function lowByte(sum: i32): i32 {
  return min(max((sum + 4) >> 3, -128), 127) + 128;
}

/** Four samples of a block from its four lowest coefficients, which are those of a cosine transform of two by two as well. */
function writeQuarters(target: usize, stride: usize): void {
  const level = <i32>load<i16>(block);
  const across = <i32>load<i16>(block, 2);
  const down = <i32>load<i16>(block, 16);
  const both = <i32>load<i16>(block, 18);
  store<u8>(target, lowByte(level + across + down + both));
  store<u8>(target, lowByte(level - across + down - both), 1);
  store<u8>(target + stride, lowByte(level + across - down - both));
  store<u8>(target + stride, lowByte(level - across - down + both), 1);
}

/** Means of two by two samples. */
function writePairs(target: usize, stride: usize): void {
  const two = i16x8.splat(2);
  for (let y: usize = 0; y < 64; y += 32, target += stride << 1) {
    const upper = v128.load(samples + y);
    const lower = v128.load(samples + y + 16);
    const sums0 = i16x8.extadd_pairwise_i8x16_u(upper);
    const sums1 = i16x8.extadd_pairwise_i8x16_u(lower);
    const above = i64x2.shuffle(sums0, sums1, 0, 2);
    const below = i64x2.shuffle(sums0, sums1, 1, 3);
    const means = i16x8.shr_u(i16x8.add(i16x8.add(above, below), two), 2);
    const bytes = i8x16.narrow_i16x8_u(means, means);
    v128.store32_lane(target, bytes, 0);
    v128.store32_lane(target + stride, bytes, 1);
  }
}

/** Any other boxes, one sample at a time. */
function writeBoxes(target: usize, stride: usize, shrinkX: i32, shrinkY: i32): void {
  const shift = shrinkX + shrinkY;
  const half = (1 << shift) >> 1;
  for (let y = 0; y < 8 >> shrinkY; y++, target += stride) {
    for (let x = 0; x < 8 >> shrinkX; x++) {
      let sum = half;
      for (let v = 0; v < 1 << shrinkY; v++) {
        for (let u = 0; u < 1 << shrinkX; u++) sum += load<u8>(samples + (((y << shrinkY) + v) << 3) + (x << shrinkX) + u);
      }
      store<u8>(target + x, sum >> shift);
    }
  }
}

/**
 * Brings the planes together to RGB. Chroma has the picture's width or half of it, rounded up, and the same of its height; `blue` is 0 for a
 * grey picture. `scratch` holds four times width + 64 bytes; three times sixteen bytes behind the last row may be overwritten.
 */
export function paint(
  luma: usize, lumaStride: usize, blue: usize, red: usize, stride: usize, chromaWidth: i32, chromaHeight: i32,
  width: i32, height: i32, scratch: usize, target: usize,
): void {
  const rowBytes: usize = width * 3;
  if (blue == 0) {
    for (let y = 0; y < height; y++, luma += lumaStride, target += rowBytes) spreadRow(luma, width, target);
    return;
  }
  const isDown = chromaHeight < height;
  const isAcross = chromaWidth < width;
  const redRow = scratch + ((width + 31) & ~15);
  const sums = redRow + ((width + 31) & ~15);
  for (let y = 0; y < height; y++, luma += lumaStride, target += rowBytes) {
    const row = isDown ? y >> 1 : y;
    const at = <usize>row * stride;
    if (!isAcross) {
      convertRow(luma, blue + at, red + at, width, target);
      continue;
    }
    const besideRow = isDown ? min(chromaHeight - 1, max(0, row + ((y & 1) == 0 ? -1 : 1))) : row;
    const beside = <usize>besideRow * stride;
    upsampleRow(blue + at, blue + beside, chromaWidth, scratch, sums, isDown);
    upsampleRow(red + at, red + beside, chromaWidth, redRow, sums, isDown);
    convertRow(luma, scratch, redRow, width, target);
  }
}

/** Doubles a row across (and down, mixing 3 : 1 with the row beside it) as libjpeg's fancy upsampling; `scratch` holds count + 16 numbers of 16 bits. */
function upsampleRow(source: usize, beside: usize, count: i32, target: usize, scratch: usize, isMixed: bool): void {
  const sums = scratch + 16;
  const three = i16x8.splat(3);
  for (let x = 0; x < count; x += 8) {
    const near = v128.load_ext<u8>(source + x);
    v128.store(sums + (x << 1), isMixed ? i16x8.add(i16x8.mul(near, three), v128.load_ext<u8>(beside + x)) : near);
  }
  store<i16>(sums - 2, load<i16>(sums));
  store<i16>(sums + (count << 1), load<i16>(sums + ((count - 1) << 1)));
  const shift = isMixed ? 4 : 2;
  const roundEven = i16x8.splat(isMixed ? 8 : 1);
  const roundOdd = i16x8.splat(isMixed ? 7 : 2);
  for (let x = 0; x < count; x += 8) {
    const at = sums + (x << 1);
    const middle = i16x8.mul(v128.load(at), three);
    const even = i16x8.shr_u(i16x8.add(i16x8.add(middle, v128.load(at - 2)), roundEven), shift);
    const odd = i16x8.shr_u(i16x8.add(i16x8.add(middle, v128.load(at + 2)), roundOdd), shift);
    v128.store(target + (x << 1), v128.or(even, i16x8.shl(odd, 8)));
  }
}

/** Converts a row of YCbCr to RGB; rows are read in sixteens, and three times sixteen bytes behind the end may be overwritten. */
function convertRow(luma: usize, blueness: usize, redness: usize, count: i32, target: usize): void {
  for (let x = 0; x < count; x += 16, target += 48) {
    const y = v128.load(luma + x);
    const cb = v128.load(blueness + x);
    const cr = v128.load(redness + x);
    const yLow = i16x8.extend_low_i8x16_u(y);
    const yHigh = i16x8.extend_high_i8x16_u(y);
    const middle = i16x8.splat(128);
    const bLow = i16x8.sub(i16x8.extend_low_i8x16_u(cb), middle);
    const bHigh = i16x8.sub(i16x8.extend_high_i8x16_u(cb), middle);
    const rLow = i16x8.sub(i16x8.extend_low_i8x16_u(cr), middle);
    const rHigh = i16x8.sub(i16x8.extend_high_i8x16_u(cr), middle);
    const r = i8x16.narrow_i16x8_u(redFrom(yLow, rLow), redFrom(yHigh, rHigh));
    const g = i8x16.narrow_i16x8_u(greenFrom(yLow, bLow, rLow), greenFrom(yHigh, bHigh, rHigh));
    const b = i8x16.narrow_i16x8_u(blueFrom(yLow, bLow), blueFrom(yHigh, bHigh));
    const rg0 = i8x16.shuffle(r, g, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5);
    v128.store(target, i8x16.shuffle(rg0, b, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15));
    const rg1 = i8x16.shuffle(r, g, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26);
    v128.store(target + 16, i8x16.shuffle(rg1, b, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15));
    const rg2 = i8x16.shuffle(r, g, 0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0);
    v128.store(target + 32, i8x16.shuffle(rg2, b, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31));
  }
}

// Factors over 65,536 have their whole part taken out: 1.402 = 1 + 26345, 1.772 = 2 − 14942, −0.71414 = −1 + 18734.

// @ts-ignore: decorator
@inline
function timesFactor(values: v128, factor: i16): v128 {
  // One more product makes the rounding: (−1) · (−32768).
  const one = i16x8.splat(-1);
  const factors = pair(factor, -32768);
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.dot_i16x8_s(i16x8.shuffle(values, one, 0, 8, 1, 9, 2, 10, 3, 11), factors), 16),
    i32x4.shr_s(i32x4.dot_i16x8_s(i16x8.shuffle(values, one, 4, 12, 5, 13, 6, 14, 7, 15), factors), 16),
  );
}

// @ts-ignore: decorator
@inline
function redFrom(y: v128, r: v128): v128 {
  return i16x8.add(i16x8.add(y, r), timesFactor(r, 26345));
}

// @ts-ignore: decorator
@inline
function blueFrom(y: v128, b: v128): v128 {
  return i16x8.add(i16x8.add(y, i16x8.shl(b, 1)), timesFactor(b, -14942));
}

// @ts-ignore: decorator
@inline
function greenFrom(y: v128, b: v128, r: v128): v128 {
  const round = i32x4.splat(32768);
  const factors = pair(-22554, 18734);
  return i16x8.add(i16x8.sub(y, r), join(
    i32x4.add(i32x4.dot_i16x8_s(i16x8.shuffle(b, r, 0, 8, 1, 9, 2, 10, 3, 11), factors), round),
    i32x4.add(i32x4.dot_i16x8_s(i16x8.shuffle(b, r, 4, 12, 5, 13, 6, 14, 7, 15), factors), round), 16,
  ));
}

/** Grey samples as three equal channels. */
function spreadRow(source: usize, count: i32, target: usize): void {
  for (let x = 0; x < count; x += 16, target += 48) {
    const y = v128.load(source + x);
    v128.store(target, i8x16.shuffle(y, y, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5));
    v128.store(target + 16, i8x16.shuffle(y, y, 5, 5, 6, 6, 6, 7, 7, 7, 8, 8, 8, 9, 9, 9, 10, 10));
    v128.store(target + 32, i8x16.shuffle(y, y, 10, 11, 11, 11, 12, 12, 12, 13, 13, 13, 14, 14, 14, 15, 15, 15));
  }
}
export function heapBase(): usize { return __heap_base; }
