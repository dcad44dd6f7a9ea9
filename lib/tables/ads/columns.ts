/** Texts by row, each different one kept once. */
export class TextColumn {
  #codes = new Int32Array(firstRoom);
  #length = 0;
  readonly #texts: string[] = [];
  readonly #codeOf = new Map<string, number>();

  push(text: string | null): void {
    if (this.#length === this.#codes.length) {
      const larger = new Int32Array(2 * this.#length);
      larger.set(this.#codes);
      this.#codes = larger;
    }
    this.#codes[this.#length++] = text === null ? -1 : this.#code(text);
  }

  at(row: number): string | null {
    return this.#texts[this.#codes[row] as number] ?? null;
  }

  #code(text: string): number {
    const known = this.#codeOf.get(text);
    if (known !== undefined) return known;
    this.#codeOf.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }
}

/** Numbers by row; what is not known is null. */
export class NumberColumn {
  #values = new Float64Array(firstRoom);
  #length = 0;

  push(value: number | null): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value ?? Number.NaN;
  }

  at(row: number): number | null {
    const value = this.#values[row] as number;
    return Number.isNaN(value) ? null : value;
  }
}

const firstRoom = 1024;
