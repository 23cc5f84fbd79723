/** Bytes that several share; who asks for more than is left gets none. */
export interface ByteBudget {
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

export function createByteBudget(most: number): ByteBudget {
  let taken = 0;
  return {
    take(bytes) {
      if (taken + bytes > most) return false;
      taken += bytes;
      return true;
    },
    giveBack: (bytes) => void (taken -= bytes),
  };
}
