/** Fields of a protocol-buffer message, in the wire format of https://protobuf.dev/programming-guides/encoding; what we write, not read. */

/** A whole number, 0 … 2⁵³ − 1. */
export function integerField(field: number, value: number): Uint8Array {
  return join([varint(field * 8), varint(value)]);
}

/** A single-precision number. */
export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return join([varint(field * 8 + 5), bytes]);
}

/** Text as UTF-8. */
export function textField(field: number, value: string): Uint8Array {
  return bytesField(field, new TextEncoder().encode(value));
}

/** Bytes as they are. */
export function bytesField(field: number, value: Uint8Array): Uint8Array {
  return join([varint(field * 8 + 2), varint(value.length), value]);
}

/** A message inside a message. */
export function messageField(field: number, fields: readonly Uint8Array[]): Uint8Array {
  return bytesField(field, join(fields));
}

/** A whole message: its fields one after another. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Seven bits a byte, the lowest first; the top bit says that more follow. */
function varint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`Expected a whole number from 0, received ${value}`);
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}
