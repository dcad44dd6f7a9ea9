/**
 * Writes structures of Thrift's compact protocol, in which Parquet's footers are: fields in ascending order of their numbers
 * (github.com/apache/thrift, doc/specs/thrift-compact-protocol.md).
 */
export class CompactWriter {
  #bytes = Buffer.allocUnsafe(1 << 16);
  #length = 0;
  #field = 0;
  readonly #outer: number[] = [];

  /** What was written. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  integer(field: number, value: number): this {
    return this.#begin(field, types.i32).#zigzag(value);
  }

  long(field: number, value: number): this {
    return this.#begin(field, types.i64).#zigzag(value);
  }

  binary(field: number, value: Uint8Array): this {
    return this.#begin(field, types.binary).#binary(value);
  }

  integers(field: number, values: readonly number[]): this {
    this.#begin(field, types.list).#listOf(types.i32, values.length);
    for (const value of values) this.#zigzag(value);
    return this;
  }

  binaries(field: number, values: readonly Uint8Array[]): this {
    this.#begin(field, types.list).#listOf(types.binary, values.length);
    for (const value of values) this.#binary(value);
    return this;
  }

  /** A structure that is a field, up to `end`. */
  struct(field: number): this {
    return this.#begin(field, types.struct).enter();
  }

  /** So many structures as a field: each begins with `enter`. */
  structs(field: number, count: number): this {
    return this.#begin(field, types.list).#listOf(types.struct, count);
  }

  enter(): this {
    this.#outer.push(this.#field);
    this.#field = 0;
    return this;
  }

  end(): this {
    this.#byte(0);
    this.#field = this.#outer.pop() ?? 0;
    return this;
  }

  #begin(field: number, type: number): this {
    this.#byte(((field - this.#field) << 4) | type);
    this.#field = field;
    return this;
  }

  #listOf(type: number, count: number): this {
    if (count < 15) return this.#byte((count << 4) | type);
    return this.#byte(0xf0 | type).#varint(count);
  }

  #binary(value: Uint8Array): this {
    this.#varint(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  #zigzag(value: number): this {
    return this.#varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** A number from 0 in groups of seven bits, the lowest first. */
  #varint(value: number): this {
    let left = value;
    for (; left > 127; left = Math.floor(left / 128)) this.#byte((left % 128) | 128);
    return this.#byte(left);
  }

  #byte(value: number): this {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
    return this;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    this.#bytes = Buffer.concat([this.bytes(), Buffer.allocUnsafe(this.#length + count)]);
  }
}

const types = { i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;
