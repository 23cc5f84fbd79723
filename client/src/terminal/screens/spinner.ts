const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
/** How long each picture of the spinner stands. */
export const SPINNER_STEP_MS = 120;

/** The spinner's picture at a time. */
export function spinnerOf(nowMs: number): string {
  return FRAMES[Math.floor(nowMs / SPINNER_STEP_MS) % FRAMES.length] ?? FRAMES[0];
}
