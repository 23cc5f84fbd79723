/** The last `capacity` samples that went in. Allocates once. */
export interface RingBuffer {
  readonly size: number;
  push(samples: Float32Array): void;
  /** What it holds, oldest first; it is empty afterwards. */
  take(): Float32Array;
  clear(): void;
}

export function createRingBuffer(capacity: number): RingBuffer {
  const kept = new Float32Array(capacity);
  let start = 0;
  let size = 0;

  function read(): Float32Array {
    const samples = new Float32Array(size);
    const first = Math.min(size, capacity - start);
    samples.set(kept.subarray(start, start + first));
    samples.set(kept.subarray(0, size - first), first);
    return samples;
  }

  return {
    get size() {
      return size;
    },
    push(samples) {
      const fresh = samples.length > capacity ? samples.subarray(samples.length - capacity) : samples;
      const end = (start + size) % (capacity || 1);
      const first = Math.min(fresh.length, capacity - end);
      kept.set(fresh.subarray(0, first), end);
      kept.set(fresh.subarray(first), 0);
      const dropped = Math.max(0, size + fresh.length - capacity);
      start = (start + dropped) % (capacity || 1);
      size += fresh.length - dropped;
    },
    take() {
      const samples = read();
      start = 0;
      size = 0;
      return samples;
    },
    clear() {
      start = 0;
      size = 0;
    },
  };
}

/** Samples up to a limit, the first ones kept; for one utterance. */
export interface Recording {
  readonly length: number;
  readonly full: boolean;
  push(samples: Float32Array): void;
  join(): Float32Array;
}

export function createRecording(limit: number): Recording {
  const chunks: Float32Array[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    get full() {
      return length >= limit;
    },
    push(samples) {
      const kept = samples.length > limit - length ? samples.slice(0, limit - length) : samples;
      if (kept.length === 0) return;
      chunks.push(kept);
      length += kept.length;
    },
    join() {
      const samples = new Float32Array(length);
      let offset = 0;
      for (const chunk of chunks) {
        samples.set(chunk, offset);
        offset += chunk.length;
      }
      return samples;
    },
  };
}
