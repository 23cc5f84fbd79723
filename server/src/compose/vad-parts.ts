import { createChildHost } from '../lib/child-host.ts';
import type { Clock } from '../lib/clock.ts';
import { createSileroDetector, type SileroDetector } from '../providers/silero/silero-detector.ts';
import type { Logger } from '../telemetry/logger.ts';
import { openVadHost } from '../vad-host/open-vad-host.ts';

/** What tells speech from everything else in this server, and the child that it runs in. */
export interface VadPart {
  /** Its `availability` tells health whether the model is there; it answers in any case. */
  readonly detector: SileroDetector;
  /** Loads what the first open microphone would load. Never rejects: what fails is in the log. */
  preload(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Builds the detector; its child starts at the first use. */
export function openVad({ log, clock }: { readonly log: Logger; readonly clock: Clock }): VadPart {
  const host = createChildHost({ name: 'vad-host', open: openVadHost(), logger: log, clock });
  const detector = createSileroDetector({ host, clock, logger: log });
  return {
    detector,
    async preload(signal) {
      // Why it failed is in the log already.
      await detector.preload?.(signal).catch(() => {});
    },
    async close() {
      await detector.close?.();
      await host.close();
    },
  };
}
