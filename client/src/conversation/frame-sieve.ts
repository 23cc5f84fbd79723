const MAX_SOUNDS = 64;

/** Lets each frame of sound through once: after a lost connection the last ones may come again. */
export interface FrameSieve {
  isNew(audioId: number, sequence: number): boolean;
  clear(): void;
}

export function createFrameSieve(): FrameSieve {
  const lastOf = new Map<number, number>();
  return {
    isNew(audioId, sequence) {
      const last = lastOf.get(audioId);
      if (last !== undefined && sequence <= last) return false;
      lastOf.set(audioId, sequence);
      if (lastOf.size > MAX_SOUNDS) lastOf.delete(lastOf.keys().next().value!);
      return true;
    },
    clear: () => lastOf.clear(),
  };
}
