/** Lays out parts of one buffer, each at a position that suits any number. */
export interface Layout {
  /** Takes so many bytes and gives their position. */
  take(bytes: number): number;
  readonly bytes: number;
}

export function newLayout(): Layout {
  let end = 0;
  return {
    take(bytes) {
      const at = end;
      end += Math.ceil(bytes / 8) * 8;
      return at;
    },
    get bytes() {
      return end;
    },
  };
}
